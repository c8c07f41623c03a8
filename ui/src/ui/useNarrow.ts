import { useSyncExternalStore } from "react";

const narrow = window.matchMedia("(max-width: 1120px)");

function subscribe(heard: () => void): () => void {
  narrow.addEventListener("change", heard);
  return () => narrow.removeEventListener("change", heard);
}

/** Whether the window is too narrow for columns that only add (design: Space, "below 1120 px"). */
export function useNarrow(): boolean {
  return useSyncExternalStore(subscribe, () => narrow.matches);
}
