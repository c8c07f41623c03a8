import { describe, expect, it } from "vitest";
import { rateShape, roundUp, stepPath } from "./rate";

const at = (second: number) => new Date(Date.UTC(2026, 10, 19, 14, 4, second)).toISOString();

describe("rateShape", () => {
  it("needs a sample", () => {
    expect(rateShape([], 0)).toBeNull();
  });

  it("holds each sample until the next and joins neighbouring slow-downs", () => {
    const shape = rateShape(
      [
        { at: at(0), perSecond: 2, throttled: false },
        { at: at(10), perSecond: 0.2, throttled: true },
        { at: at(20), perSecond: 0.1, throttled: true },
        { at: at(30), perSecond: 1.8, throttled: false },
      ],
      Date.parse(at(40)),
    );
    expect(shape?.steps.map((step) => [step.x, step.to])).toEqual([
      [0, 0.25],
      [0.25, 0.5],
      [0.5, 0.75],
      [0.75, 1],
    ]);
    expect(shape?.slow).toEqual([{ x: 0.25, to: 0.75, from: at(10) }]);
    expect(shape?.top).toBe(2);
  });

  it("goes on with a slow-down while nothing is done, and ends it with the next row", () => {
    const shape = rateShape(
      [
        { at: at(0), perSecond: 4, throttled: false },
        { at: at(10), perSecond: 1, throttled: true },
        { at: at(20), perSecond: 0, throttled: false },
        { at: at(30), perSecond: 2, throttled: false },
        { at: at(35), perSecond: 0, throttled: false },
      ],
      Date.parse(at(40)),
    );
    expect(shape?.slow).toEqual([{ x: 0.25, to: 0.75, from: at(10) }]);
  });

  it("keeps two slow-downs apart and survives an end before the last sample", () => {
    const shape = rateShape(
      [
        { at: at(0), perSecond: 0, throttled: true },
        { at: at(10), perSecond: 3, throttled: false },
        { at: at(20), perSecond: 0, throttled: true },
      ],
      0,
    );
    expect(shape?.slow).toHaveLength(2);
    expect(shape?.top).toBe(5);
  });
});

describe("roundUp", () => {
  it("gives 1, 2, 5 times a power of ten", () => {
    expect([0, 0.13, 0.2, 1.2, 2.1, 7, 13, 99].map(roundUp)).toEqual([1, 0.2, 0.2, 2, 5, 10, 20, 100]);
  });
});

describe("stepPath", () => {
  it("draws steps, not lines", () => {
    expect(stepPath([{ x: 0, to: 0.5, perSecond: 1 }, { x: 0.5, to: 1, perSecond: 2 }], 2, 100, 10)).toBe("M0 5.0H50.0V0.0H100.0");
  });
});
