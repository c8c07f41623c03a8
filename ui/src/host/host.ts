// What the page needs from the world outside it. Two implementations: the Tauri window and the loopback bridge.

import type { Commands, Failure, FileSource, Topic } from "./generated";

export type CommandName = keyof Commands;
export type Request<C extends CommandName> = Commands[C]["request"];
export type Reply<C extends CommandName> = Commands[C]["reply"];

/** What a save dialog starts with. */
export interface SaveSuggestion {
  title: string;
  /** File name with its ending, for instance `report.csv`. */
  name: string;
  /** It is to be read, not written: the words of the dialog on the bridge. */
  opens?: boolean;
}

/** What a single file is chosen for. */
export type FileKind = "certificate" | "organisations" | "backup";

/** Files held over the window or let go on it. */
export type DropEvent = { kind: "over" } | { kind: "left" } | { kind: "dropped"; files: FileSource[] };

export interface Host {
  kind: "window" | "bridge";
  /** Carries out a command. Rejects with a `Failure`, never with anything else. */
  call<C extends CommandName>(command: C, request: Request<C>): Promise<Reply<C>>;
  /** Hears what has changed; after a lost connection every topic is told once. Returns the way to stop. */
  onTopics(heard: (topics: readonly Topic[]) => void): () => void;
  /** Hears whether the core can be reached at all. In the window it always can. */
  onConnection(heard: (connected: boolean) => void): () => void;
  /** Lets the person choose CSV files; empty when they change their mind. */
  pickFiles(): Promise<FileSource[]>;
  /** Lets the person choose one file of a kind; null when they change their mind. A backup always comes as a path. */
  pickFile(kind: FileKind): Promise<FileSource | null>;
  /** Lets the person choose where to save; null when they change their mind. */
  pickSavePath(suggestion: SaveSuggestion): Promise<string | null>;
  onDrop(heard: (event: DropEvent) => void): () => void;
  /** Opens an address in the system's browser. */
  openExternal(url: string): Promise<void>;
  /** Whether Patchbay starts at login; null where the system cannot be asked. */
  startAtLogin(): Promise<boolean | null>;
  /** Rejects with a `Failure`. */
  setStartAtLogin(on: boolean): Promise<void>;
  /** Ends Patchbay and starts it again; in the window only. Rejects with a `Failure`. */
  restart(): Promise<void>;
  /** Shows a folder in the system's file browser; in the window only. Rejects with a `Failure`. */
  openFolder(which: "data" | "logs"): Promise<void>;
}

/** A record, so that a new topic does not compile until it stands here. */
const TOPICS: Record<Topic, true> = {
  organisations: true,
  consent: true,
  mirror: true,
  bulk_assignments: true,
  runs: true,
  transactions: true,
  preferences: true,
  vault: true,
  schedules: true,
  notifications: true,
  wholesale: true,
  activation: true,
  directory_sync: true,
  backups: true,
};

/** Every topic, for the moment after a gap in which some may have been missed. */
export const ALL_TOPICS = Object.keys(TOPICS) as readonly Topic[];

/** Whether something thrown is a `Failure` of the command table. */
export function isFailure(thrown: unknown): thrown is Failure {
  return typeof thrown === "object" && thrown !== null && "code" in thrown && "message" in thrown;
}

/** Makes a `Failure` of whatever was thrown, so that the page handles one kind only. */
export function asFailure(thrown: unknown, command: string): Failure {
  if (isFailure(thrown)) return thrown;
  const said = thrown instanceof Error ? thrown.message : String(thrown);
  return {
    code: "internal",
    message: `Patchbay could not carry out ${command}: ${said}. Save a support bundle in Settings; the log says more.`,
    field: null,
    retryable: false,
    trackingId: null,
  };
}

/** What only the window can do. */
export function inWindowOnly(what: string): Failure {
  return { code: "conflict", message: `${what} only works in Patchbay's own window, not in a browser.`, field: null, retryable: false, trackingId: null };
}

let current: Host | null = null;

/** Sets the host once, at start. */
export function setHost(chosen: Host): void {
  current = chosen;
}

/** The host of this page. */
export function host(): Host {
  if (current === null) throw new Error("The host is set in main.tsx before anything is rendered.");
  return current;
}
