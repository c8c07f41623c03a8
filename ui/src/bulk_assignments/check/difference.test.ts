import { describe, expect, it } from "vitest";
import { difference, visible } from "./difference";

describe("difference", () => {
  it("finds what was put in front", () => {
    expect(difference("441614960207", "+441614960207")).toEqual({ start: "", taken: "", given: "+", end: "441614960207" });
  });

  it("finds what was taken away at the end", () => {
    expect(difference("Chow  ", "Chow")).toEqual({ start: "Chow", taken: "  ", given: "", end: "" });
  });

  it("does not count a character for both ends", () => {
    expect(difference("aa", "aaa")).toEqual({ start: "aa", taken: "", given: "a", end: "" });
    expect(difference("0", "")).toEqual({ start: "", taken: "0", given: "", end: "" });
  });

  it("leaves characters outside the basic plane whole", () => {
    expect(difference("\u{1F600}x", "\u{1F601}x")).toEqual({ start: "", taken: "\u{1F600}", given: "\u{1F601}", end: "x" });
  });
});

describe("visible", () => {
  it("draws what cannot be seen", () => {
    expect(visible("a\u00a0\u200b b")).toBe("a···b");
  });
});
