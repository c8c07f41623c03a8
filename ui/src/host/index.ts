// The page's side of the boundary. Everything outside this folder imports from here.

export * from "./commands";
export * from "./failures";
export type * from "./generated";
export { ALL_TOPICS, asFailure, type CommandName, type DropEvent, type FileKind, type Host, host, isFailure, type Reply, type Request, type SaveSuggestion, setHost } from "./host";
