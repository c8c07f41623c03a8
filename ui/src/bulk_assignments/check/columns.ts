/** Which columns the grid shows: those that any file has. A window of rows alone would know only its own. Pure. */
import type { CellColumn, FileFacts } from "../../host/generated";
import { columnWords } from "../wording";

const all: readonly CellColumn[] = ["ext_key", "user_name", "identity_uuid", "number"];

/** Header names are compared as the rules say: case, surrounding space and kind of apostrophe do not matter. */
const plain = (header: string) => header.trim().toLowerCase().replace(/[’‘`´ʼ]/gu, "'");

export function columnsOf(files: readonly FileFacts[], shown: readonly CellColumn[]): CellColumn[] {
  const headers = new Set(files.flatMap((file) => file.columns.map(plain)));
  return all.filter((column) => shown.includes(column) || headers.has(plain(columnWords[column])));
}
