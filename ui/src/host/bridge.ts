// The host in a browser, on the loopback bridge of `patchbay-cli bridge`.

import type { Failure, FileSource, Topic } from "./generated";
import { ALL_TOPICS, asFailure, type FileKind, type Host, inWindowOnly, type SaveSuggestion } from "./host";

const TOKEN = "patchbay-bridge-token";

/** Takes the token out of the address, so that it is neither bookmarked nor copied along. */
function takeToken(): string {
  const address = new URL(window.location.href);
  const given = address.searchParams.get("token");
  if (given === null) return sessionStorage.getItem(TOKEN) ?? "";
  sessionStorage.setItem(TOKEN, given);
  address.searchParams.delete("token");
  window.history.replaceState(window.history.state, "", address);
  return given;
}

function unreachable(): Failure {
  return {
    code: "internal",
    message: "The Patchbay bridge on this machine does not answer. Start it again, then reload this page.",
    field: null,
    retryable: true,
    trackingId: null,
  };
}

async function contentSource(file: File): Promise<FileSource> {
  const address = await new Promise<string>((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener("load", () => resolve(String(reader.result)));
    reader.addEventListener("error", () => reject(reader.error ?? new Error(file.name)));
    reader.readAsDataURL(file);
  });
  return { kind: "content", name: file.name, base64: address.slice(address.indexOf(",") + 1) };
}

const ACCEPTED: Record<Exclude<FileKind, "backup">, string> = {
  certificate: ".pem,.crt,.cer",
  organisations: ".csv,.json,text/csv,application/json",
};

/** Lets the browser choose files; empty when the person changes their mind. */
function choose(accept: string, multiple: boolean): Promise<FileSource[]> {
  return new Promise((resolve, reject) => {
    const input = document.createElement("input");
    input.type = "file";
    input.multiple = multiple;
    input.accept = accept;
    input.addEventListener("change", () => {
      Promise.all([...(input.files ?? [])].map(contentSource)).then(resolve, reject);
    });
    input.addEventListener("cancel", () => resolve([]));
    input.click();
  });
}

/** `askSavePath` shows the in-page dialog: a browser cannot name a path on this machine. */
export function bridgeHost(askSavePath: (suggestion: SaveSuggestion) => Promise<string | null>): Host {
  const token = takeToken();
  const topicListeners = new Set<(topics: readonly Topic[]) => void>();
  const connectionListeners = new Set<(connected: boolean) => void>();
  let connected = true;

  const tellConnection = (now: boolean) => {
    if (now === connected) return;
    connected = now;
    for (const heard of connectionListeners) heard(now);
  };
  const events = new EventSource(`/events?token=${encodeURIComponent(token)}`);
  events.addEventListener("message", (event: MessageEvent<string>) => {
    const topics = JSON.parse(event.data) as Topic[];
    for (const heard of topicListeners) heard(topics);
  });
  events.addEventListener("open", () => {
    // What was read before anybody listened, or in a gap, may be out of date.
    for (const heard of topicListeners) heard(ALL_TOPICS);
    tellConnection(true);
  });
  events.addEventListener("error", () => {
    tellConnection(false);
  });

  return {
    kind: "bridge",
    async call(command, request) {
      let answer: Response;
      try {
        answer = await fetch("/rpc", {
          method: "POST",
          headers: { "content-type": "application/json", "x-bridge-token": token },
          body: JSON.stringify({ command, request }),
        });
      } catch {
        throw unreachable();
      }
      if (answer.status === 200) return (await answer.json()).reply;
      if (answer.status === 422) throw (await answer.json()).failure as Failure;
      throw asFailure(new Error(`the bridge answered ${answer.status}`), command);
    },
    onTopics(heard) {
      topicListeners.add(heard);
      return () => topicListeners.delete(heard);
    },
    onConnection(heard) {
      connectionListeners.add(heard);
      heard(connected);
      return () => connectionListeners.delete(heard);
    },
    pickFiles: () => choose(".csv,.txt,.tsv,text/csv", true),
    async pickFile(kind) {
      if (kind !== "backup") return (await choose(ACCEPTED[kind], false))[0] ?? null;
      const path = await askSavePath({ title: "Choose a backup", name: "patchbay-backup.db", opens: true });
      return path === null ? null : { kind: "path", path };
    },
    pickSavePath: askSavePath,
    onDrop(heard) {
      const over = (event: DragEvent) => {
        if (!event.dataTransfer?.types.includes("Files")) return;
        event.preventDefault();
        heard({ kind: "over" });
      };
      const left = (event: DragEvent) => {
        if (event.relatedTarget === null) heard({ kind: "left" });
      };
      const dropped = (event: DragEvent) => {
        const files = [...(event.dataTransfer?.files ?? [])];
        if (files.length === 0) return;
        event.preventDefault();
        Promise.all(files.map(contentSource)).then(
          (sources) => heard({ kind: "dropped", files: sources }),
          () => heard({ kind: "left" }),
        );
      };
      document.addEventListener("dragover", over);
      document.addEventListener("dragleave", left);
      document.addEventListener("drop", dropped);
      return () => {
        document.removeEventListener("dragover", over);
        document.removeEventListener("dragleave", left);
        document.removeEventListener("drop", dropped);
      };
    },
    startAtLogin: async () => null,
    setStartAtLogin: () => Promise.reject(inWindowOnly("Starting at login")),
    restart: () => Promise.reject(inWindowOnly("Starting again")),
    openFolder: () => Promise.reject(inWindowOnly("Opening a folder")),
    async openExternal(url) {
      window.open(url, "_blank", "noopener,noreferrer");
    },
  };
}
