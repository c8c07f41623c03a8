// Text while it is typed: told a moment after the last letter, and never overwritten by what comes back of it.

import { useEffect, useLayoutEffect, useRef, useState } from "react";

const PAUSE_MS = 180;

/** Where `value` stands among the texts that were told; -1 where somebody else set it. Spaces at the ends do not count. */
export function toldAt(told: readonly string[], value: string): number {
  return told.findIndex((one) => one.trim() === value.trim());
}

/** `value` is what is set, `onChange` is told what is typed; `set` changes it, `clear` does so at once. */
export function useTyped(value: string, onChange: (value: string) => void): { typed: string; set: (text: string) => void; clear: () => void } {
  const [typed, setTyped] = useState(value);
  const tell = useRef(onChange);
  useLayoutEffect(() => {
    tell.current = onChange;
  });
  /** What was told and may still come back, in order; the first is what came back last. */
  const told = useRef<string[]>([value]);
  useEffect(() => {
    const place = toldAt(told.current, value);
    if (place === -1) {
      told.current = [value];
      setTyped(value);
    } else {
      told.current.splice(0, place);
    }
  }, [value]);
  useEffect(() => {
    if (typed === told.current.at(-1)) return undefined;
    const timer = setTimeout(() => {
      told.current.push(typed);
      tell.current(typed);
    }, PAUSE_MS);
    return () => clearTimeout(timer);
  }, [typed]);
  return {
    typed,
    set: setTyped,
    clear: () => {
      told.current.push("");
      setTyped("");
      tell.current("");
    },
  };
}
