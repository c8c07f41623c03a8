// The host inside the Tauri window.

import { invoke } from "@tauri-apps/api/core";
import { listen } from "@tauri-apps/api/event";
import { getCurrentWebview } from "@tauri-apps/api/webview";
import { open, save } from "@tauri-apps/plugin-dialog";
import type { Failure, FileSource, Topic } from "./generated";
import { ALL_TOPICS, asFailure, type FileKind, type Host } from "./host";

const KINDS: Record<FileKind, { title: string; name: string; extensions: string[] }> = {
  certificate: { title: "Choose certificates", name: "Certificates", extensions: ["pem", "crt", "cer"] },
  organisations: { title: "Choose a list of organisations", name: "CSV and JSON", extensions: ["csv", "json"] },
  backup: { title: "Choose a backup", name: "Backups of Patchbay", extensions: ["db"] },
};

/** Calls the shell; what it refuses becomes a `Failure`. */
async function ask<T>(command: string, given: Record<string, unknown> = {}): Promise<T> {
  try {
    return await invoke<T>(command, given);
  } catch (thrown) {
    throw asFailure(thrown, command) satisfies Failure;
  }
}

/** Stops a listener that may still be on its way. */
function stopLater(listening: Promise<() => void>): () => void {
  return () => {
    void listening.then((stop) => stop());
  };
}

function pathSource(path: string): FileSource {
  return { kind: "path", path };
}

export function windowHost(): Host {
  return {
    kind: "window",
    async call(command, request) {
      try {
        return await invoke("rpc", { command, request });
      } catch (thrown) {
        throw asFailure(thrown, command) satisfies Failure;
      }
    },
    onTopics(heard) {
      const listening = listen<Topic[]>("topics", (event) => heard(event.payload));
      // What was read before anybody listened may be out of date.
      void listening.then(() => heard(ALL_TOPICS));
      return stopLater(listening);
    },
    onConnection(heard) {
      heard(true);
      return () => undefined;
    },
    async pickFiles() {
      const chosen = await open({
        title: "Choose CSV files",
        multiple: true,
        filters: [
          { name: "CSV and text", extensions: ["csv", "txt", "tsv"] },
          { name: "All files", extensions: ["*"] },
        ],
      });
      return (chosen ?? []).map(pathSource);
    },
    async pickFile(kind) {
      const { title, name, extensions } = KINDS[kind];
      const chosen = await open({
        title,
        multiple: false,
        filters: [
          { name, extensions },
          { name: "All files", extensions: ["*"] },
        ],
      });
      return chosen === null ? null : pathSource(chosen);
    },
    async pickSavePath({ title, name }) {
      const extension = name.split(".").pop() ?? "csv";
      return await save({ title, defaultPath: name, filters: [{ name: extension.toUpperCase(), extensions: [extension] }] });
    },
    onDrop(heard) {
      return stopLater(
        getCurrentWebview().onDragDropEvent(({ payload }) => {
          if (payload.type === "drop") heard({ kind: "dropped", files: payload.paths.map(pathSource) });
          else heard({ kind: payload.type === "leave" ? "left" : "over" });
        }),
      );
    },
    openExternal: (url) => ask("open_link", { url }),
    startAtLogin: () => ask<boolean | null>("start_at_login"),
    setStartAtLogin: (on) => ask("set_start_at_login", { on }),
    restart: () => ask("restart"),
    openFolder: (which) => ask("open_folder", { which }),
  };
}
