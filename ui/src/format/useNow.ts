import { useEffect, useState } from "react";

/** The time, renewed every `everyMs`. Countdowns tick here; nothing is asked of the core for it. */
export function useNow(everyMs = 30_000): Date {
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    const timer = setInterval(() => setNow(new Date()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}
