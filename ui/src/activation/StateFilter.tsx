// All, the four named states, and any other that somebody has; a select where the bar has no room for the segments. Who is
// stuck is a filter of its own, of every state: while it is set it stands beside them.

import { X } from "lucide-react";
import { useLayoutEffect, useRef, useState } from "react";
import { count } from "../format/number";
import type { StateCount } from "../host";
import { Button, SegmentedFilter } from "../ui";
import styles from "./Activation.module.css";
import { stateWords } from "./words";

const ALL = "\u0000all";
const STUCK = "\u0000stuck";
/** What the search beside it needs at least, with the gap. */
const SEARCH_ROOM = 158;

interface StateFilterProps {
  total: number;
  states: readonly StateCount[];
  value: string | null;
  /** Only who is stuck is shown. */
  stuck: boolean;
  /** Null for all, which nothing narrows any more. */
  onChange: (state: string | null) => void;
  onUnstuck: () => void;
}

export function StateFilter({ total, states, value, stuck, onChange, onUnstuck }: StateFilterProps) {
  const frame = useRef<HTMLDivElement>(null);
  const measured = useRef<HTMLDivElement>(null);
  const [fits, setFits] = useState(true);
  // A state that is filtered by and that nobody has any more is still seen.
  const all = value === null || states.some((one) => one.state === value) ? states : [...states, { state: value, count: 0 }];
  const segments = [
    { value: ALL, label: "All", count: total },
    ...all.map(({ state, count: users }) => {
      const { word, shape, tone } = stateWords(state);
      return { value: state, label: word, count: users, shape, tone };
    }),
  ];
  // All is not what is shown while only those who are stuck are.
  const pressed = value ?? (stuck ? STUCK : ALL);
  const unstuck = stuck ? (
    <Button icon={X} aria-label="Stuck for more than 7 days: take this filter away" onPress={onUnstuck}>
      Stuck for more than 7 days
    </Button>
  ) : null;
  const choose = (state: string) => onChange(state === ALL ? null : state);

  const words = segments.map((segment) => `${segment.label} ${segment.count}`).join();
  useLayoutEffect(() => {
    const bar = frame.current?.parentElement;
    if (!bar) return undefined;
    const look = () => {
      const style = getComputedStyle(bar);
      const room = bar.clientWidth - Number.parseFloat(style.paddingLeft) - Number.parseFloat(style.paddingRight);
      setFits((measured.current?.offsetWidth ?? 0) + SEARCH_ROOM <= room);
    };
    const observer = new ResizeObserver(look);
    observer.observe(bar);
    if (measured.current) observer.observe(measured.current);
    look();
    return () => observer.disconnect();
  }, [words]);

  return (
    <div ref={frame} className={styles.states}>
      <div ref={measured} className={styles.measured} aria-hidden="true" inert>
        <SegmentedFilter label="" value="" segments={segments} onChange={() => undefined} />
        {unstuck}
      </div>
      {fits ? (
        <SegmentedFilter label="State" value={pressed} segments={segments} onChange={choose} />
      ) : (
        <select className={styles.state} aria-label="State" value={pressed} onChange={(event) => choose(event.target.value)}>
          {pressed === STUCK ? (
            <option value={STUCK} hidden>
              Any state
            </option>
          ) : null}
          {segments.map((segment) => (
            <option key={segment.value} value={segment.value}>
              {segment.value === ALL ? "All states" : segment.label} ({count(segment.count)})
            </option>
          ))}
        </select>
      )}
      {unstuck}
    </div>
  );
}
