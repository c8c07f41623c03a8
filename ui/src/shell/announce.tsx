import { useSyncExternalStore } from "react";

let said = "";
const listeners = new Set<() => void>();

/** Tells screen readers something that sighted people see happen. */
export function announce(text: string): void {
  // The same text twice would not be a change, and not be read.
  said = said === text ? `${text}\u00a0` : text;
  for (const heard of listeners) heard();
}

function subscribe(heard: () => void): () => void {
  listeners.add(heard);
  return () => listeners.delete(heard);
}

/** The live region; the shell renders it once. */
export function Announcer() {
  const text = useSyncExternalStore(subscribe, () => said);
  return (
    <div className="sr" role="status" data-announcer>
      {text}
    </div>
  );
}
