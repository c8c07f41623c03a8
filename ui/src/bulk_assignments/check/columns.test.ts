import { describe, expect, it } from "vitest";
import type { FileFacts } from "../../host/generated";
import { columnsOf } from "./columns";

const file = (columns: string[]): FileFacts => ({ name: "a.csv", bytes: 1, encoding: "UTF-8", delimiter: ",", columns, rows: 1 });

describe("columnsOf", () => {
  it("shows what any file has, in one order", () => {
    expect(columnsOf([file(["Number", "Ext Key", "User's Name"]), file([" ext key ", "IDENTITY UUID"])], [])).toEqual(["ext_key", "user_name", "identity_uuid", "number"]);
  });

  it("takes any apostrophe and leaves unknown columns out", () => {
    expect(columnsOf([file(["Ext Key", "User`s Name", "Department"])], [])).toEqual(["ext_key", "user_name"]);
  });

  it("keeps what the rows show where no header is known", () => {
    expect(columnsOf([file(["101", "Tony"])], ["ext_key", "user_name", "number"])).toEqual(["ext_key", "user_name", "number"]);
  });
});
