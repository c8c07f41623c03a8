// What of the dialog of directory synchronisation stands in the address of its page.

import { text } from "../shell/address";

export interface DirectorySyncSearch {
  /** Open: `all`, or the id of the enterprise that is shown. */
  directorySync?: string | undefined;
}

export function readDirectorySyncSearch(raw: Record<string, unknown>): DirectorySyncSearch {
  const shown = text(raw["directorySync"]);
  return shown === undefined ? {} : { directorySync: shown };
}
