import { describe, expect, it } from "vitest";
import type { FileFacts } from "../../host/generated";
import { justBefore, lookFrom, overallIndex, rowAt } from "./places";

describe("places in several files", () => {
  const file = (rows: number): FileFacts => ({ name: "a.csv", bytes: 1, encoding: "UTF-8", delimiter: ",", columns: [], rows });
  const files = [file(10), file(0), file(5)];

  it("counts rows through the files and back", () => {
    expect(overallIndex(files, 0, 1)).toBe(0);
    expect(overallIndex(files, 2, 1)).toBe(10);
    expect(rowAt(files, 0)).toEqual({ file: 0, row: 1 });
    expect(rowAt(files, 10)).toEqual({ file: 2, row: 1 });
    expect(rowAt(files, 15)).toBeNull();
    expect(rowAt(files, -1)).toBeNull();
  });

  it("looks from just before a row", () => {
    expect(justBefore(files, 0, "number")).toBeNull();
    expect(justBefore(files, 10, "number")).toEqual({ file: 0, row: 10, column: "number" });
  });

  it("looks on from a head, a cell and a problem", () => {
    const from = (column: "head" | "number" | "problem", backwards: boolean, row = 2) => lookFrom(files, { file: 2, row }, column, backwards, "ext_key", "number");
    expect(from("head", false)).toEqual({ file: 2, row: 1, column: "number" });
    expect(from("head", true)).toEqual({ file: 2, row: 2, column: "ext_key" });
    expect(from("number", true)).toEqual({ file: 2, row: 2, column: "number" });
    expect(from("problem", false)).toEqual({ file: 2, row: 2, column: "number" });
    expect(from("problem", true)).toEqual({ file: 2, row: 3, column: "ext_key" });
    expect(from("problem", true, 5)).toBeNull();
  });
});
