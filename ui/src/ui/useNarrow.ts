import { useSyncExternalStore } from "react";

let query: MediaQueryList | undefined;

/** Asked for at first use: the primitives are also read where there is no window. */
function narrow(): MediaQueryList {
  query ??= window.matchMedia("(max-width: 1120px)");
  return query;
}

function subscribe(heard: () => void): () => void {
  narrow().addEventListener("change", heard);
  return () => narrow().removeEventListener("change", heard);
}

/** Whether the window is too narrow for columns that only add (design: Space, "below 1120 px"). */
export function useNarrow(): boolean {
  return useSyncExternalStore(subscribe, () => narrow().matches);
}
