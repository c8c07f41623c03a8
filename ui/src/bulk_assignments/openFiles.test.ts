import { expect, test } from "vitest";
import { templateName } from "./openFiles";

test.each([
  [{ kind: "path", path: "/home/x/manchester-wave-2.csv" }, "manchester-wave-2"],
  [{ kind: "path", path: String.raw`C:\Users\x\Wave 3.final.csv` }, "Wave 3.final"],
  [{ kind: "content", name: "wave", base64: "" }, "wave"],
  [{ kind: "content", name: ".csv", base64: "" }, ".csv"],
  [{ kind: "path", path: "/home/x/" }, "New template"],
] as const)("%j is named %s", (file, name) => {
  expect(templateName(file)).toBe(name);
});
