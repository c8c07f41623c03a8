// The host inside the Tauri window.

import { invoke } from "@tauri-apps/api/core";
import { listen } from "@tauri-apps/api/event";
import { getCurrentWebview } from "@tauri-apps/api/webview";
import { open, save } from "@tauri-apps/plugin-dialog";
import type { Failure, FileSource, Topic } from "./generated";
import { asFailure, type Host } from "./host";

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
      return stopLater(listen<Topic[]>("topics", (event) => heard(event.payload)));
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
    async openExternal(url) {
      try {
        await invoke("open_link", { url });
      } catch (thrown) {
        throw asFailure(thrown, "open_link") satisfies Failure;
      }
    },
  };
}
