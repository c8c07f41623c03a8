// In a browser on the bridge there is no native save dialog: this one asks for a path on this machine.

import { useId, useState, useSyncExternalStore } from "react";
import type { SaveSuggestion } from "../host";
import { Button, Dialog, TextField } from "../ui";

interface Asked extends SaveSuggestion {
  answer: (path: string | null) => void;
}

let asked: Asked | null = null;
const listeners = new Set<() => void>();

function set(next: Asked | null): void {
  asked = next;
  for (const heard of listeners) heard();
}

/** Asks for a path; null when the person changes their mind. */
export function askSavePath(suggestion: SaveSuggestion): Promise<string | null> {
  asked?.answer(null);
  return new Promise((resolve) => set({ ...suggestion, answer: resolve }));
}

function subscribe(heard: () => void): () => void {
  listeners.add(heard);
  return () => listeners.delete(heard);
}

function PathDialog({ title, name, opens = false, answer }: Asked) {
  const form = useId();
  const [path, setPath] = useState("");
  const [tried, setTried] = useState(false);
  const finish = (given: string | null) => {
    set(null);
    answer(given);
  };
  const absolute = /^(\/|[A-Za-z]:[\\/]|\\\\)/.test(path.trim());
  return (
    <Dialog
      title={title}
      onClose={() => finish(null)}
      size="wide"
      actions={
        <>
          <Button onPress={() => finish(null)}>Cancel</Button>
          <Button kind="primary" type="submit" form={form}>
            {opens ? "Choose file" : "Save file"}
          </Button>
        </>
      }
    >
      <form
        id={form}
        onSubmit={(event) => {
          event.preventDefault();
          setTried(true);
          if (absolute) finish(path.trim());
        }}
      >
        <TextField label="Path on this machine" name="path" autoFocus mono spellCheck={false} value={path} onChange={(event) => setPath(event.target.value)} error={tried && !absolute ? "Type the whole path, from the root of the disk." : null} hint={`For instance the folder of your documents and ${name}`} />
      </form>
    </Dialog>
  );
}

/** The shell renders it once. */
export function SavePathDialog() {
  const current = useSyncExternalStore(subscribe, () => asked);
  return current ? <PathDialog key={current.name} {...current} /> : null;
}
