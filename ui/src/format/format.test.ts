import { describe, expect, it } from "vitest";
import { bytes, counted, percent, shortId } from "./number";
import { sentence } from "./sentence";
import { daysLeft, moment, relative, span } from "./time";

const now = new Date(2026, 10, 19, 14, 45);
const at = (day: number, hour: number, minute = 0) => new Date(2026, 10, day, hour, minute).toISOString();

describe("span", () => {
  it.each([
    [0.2, "1 s"],
    [12, "12 s"],
    [59.2, "1 min"],
    [240, "4 min"],
    [6360, "1 h 46 min"],
    [7200, "2 h"],
    [3 * 86_400, "3 days"],
  ])("%d seconds is %s", (seconds, text) => expect(span(seconds)).toBe(text));
});

describe("moment", () => {
  it("names the days around now", () => {
    expect(moment(at(19, 9), now)).toMatch(/^today, /);
    expect(moment(at(20, 0), now)).toMatch(/^tomorrow, /);
    expect(moment(at(18, 23, 59), now)).toMatch(/^yesterday, /);
    expect(moment(at(25, 9), now)).toMatch(/^Wed 25 Nov, /);
  });
  it("adds the year when it is another", () => {
    expect(moment(new Date(2027, 0, 4, 9).toISOString(), now)).toMatch(/^Mon 4 Jan 2027, /);
  });
});

describe("relative", () => {
  it.each([
    [at(19, 14, 43), "2 min ago"],
    [at(19, 14, 45), "just now"],
    [at(19, 13, 0), "1 h 45 min ago"],
    [at(17, 14, 0), "2 days ago"],
    [at(25, 9, 12), "in 6 days"],
    [at(20, 14, 0), "in 23 h 15 min"],
  ])("%s", (when, text) => expect(relative(when, now)).toBe(text));
});

it("counts a begun day left as one, never below none", () => {
  expect(daysLeft(at(25, 14, 46), now)).toBe(7);
  expect(daysLeft(at(25, 9, 12), now)).toBe(6);
  expect(daysLeft(at(1, 0), now)).toBe(0);
});

it("never rounds up to all", () => {
  expect(percent(14_999, 15_000)).toBe(99);
  expect(percent(15_000, 15_000)).toBe(100);
  expect(percent(0, 0)).toBe(0);
});

it("says one and many", () => {
  expect(counted(1, "row")).toBe("1 row");
  expect(counted(2, "row")).toBe("2 rows");
});

it("writes sizes", () => {
  expect(bytes(900)).toBe("900 bytes");
  expect(bytes(512_000)).toBe("500 KB");
  expect(bytes(5_242_880)).toMatch(/^5[.,]0 MB$/);
});

it("shortens in the middle and only when it is shorter", () => {
  expect(shortId("NA_77c0aabbccddee1be2")).toBe("NA_77c0…1be2");
  expect(shortId("short")).toBe("short");
});

it("makes a sentence of a reason", () => {
  expect(sentence("the keychain is locked")).toBe("The keychain is locked.");
  expect(sentence("Webex said no.")).toBe("Webex said no.");
  expect(sentence(" ")).toBe("");
});
