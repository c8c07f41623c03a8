/**
 * A cell while it is edited. What is typed is judged at once against the whole template; Enter keeps it whatever the
 * judgement (the check goes on showing it), Esc leaves the cell as it was.
 */
import { useQuery } from "@tanstack/react-query";
import { type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
import { type CellRef, type Failure, host, type Reply } from "../../host";
import { Button } from "../../ui/Button";
import { Kbd } from "../../ui/Kbd";
import { StatusMark } from "../../ui/StatusMark";
import { columnRules, columnWords } from "../wording";
import styles from "./FileGrid.module.css";

type Props = {
  template: string;
  cell: CellRef;
  value: string;
  /** Keeps the value; `step` moves on to a neighbour. */
  onKeep: (value: string, step: -1 | 0 | 1) => Promise<void>;
  onLeave: () => void;
};

export function CellEditor({ template, cell, value, onKeep, onLeave }: Props) {
  const [text, setText] = useState(value);
  const [busy, setBusy] = useState(false);
  const [above, setAbove] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const popover = useRef<HTMLDivElement>(null);
  const described = useId();

  useEffect(() => {
    input.current?.focus();
    input.current?.select();
    // The popover opens upwards where the grid ends below it.
    const box = popover.current?.getBoundingClientRect();
    const frame = popover.current?.closest('[role="grid"]')?.parentElement?.getBoundingClientRect();
    if (box && frame && box.bottom > frame.bottom) setAbove(true);
  }, []);

  const judged = useQuery<Reply<"bulkAssignments.tryValue">, Failure>({
    queryKey: ["bulkAssignments.tryValue", { template, cell, value: text }],
    queryFn: () => host().call("bulkAssignments.tryValue", { template, cell, value: text }),
    placeholderData: (before) => before,
    gcTime: 0,
    staleTime: 0,
  });
  const issues = judged.data?.issues ?? [];
  const worst = issues.find((issue) => issue.severity === "error") ?? issues[0];
  const guess = issues.find((issue) => issue.fix !== null && issue.fix !== text)?.fix ?? null;

  const keep = async (kept: string, step: -1 | 0 | 1) => {
    if (busy) return;
    setBusy(true);
    await onKeep(kept, step);
    setBusy(false);
  };

  const onKeyDown = (event: KeyboardEvent) => {
    event.stopPropagation();
    if (event.nativeEvent.isComposing) return;
    if (event.key === "Enter" || event.key === "Tab") {
      event.preventDefault();
      void keep(text, event.key === "Enter" ? 0 : event.shiftKey ? -1 : 1);
    } else if (event.key === "Escape") {
      event.preventDefault();
      onLeave();
    } else if (event.key === "." && (event.ctrlKey || event.metaKey) && guess !== null) {
      event.preventDefault();
      void keep(guess, 0);
    }
  };

  return (
    <>
      <input
        ref={input}
        className={`${styles.input} ${worst?.severity === "error" ? styles.inputBad : ""}`}
        value={text}
        aria-label={`${columnWords[cell.column]}, row ${cell.row}`}
        aria-invalid={worst?.severity === "error"}
        aria-describedby={described}
        readOnly={busy}
        spellCheck={false}
        autoComplete="off"
        onChange={(event) => setText(event.target.value)}
        onKeyDown={onKeyDown}
        onBlur={(event) => {
          // Leaving by pointer keeps what was typed, as a spreadsheet does; the popover's own button is not leaving.
          if (!busy && !popover.current?.contains(event.relatedTarget)) void keep(text, 0);
        }}
      />
      <div ref={popover} id={described} className={`${styles.popover} ${above ? styles.popoverAbove : ""}`}>
        {worst ? (
          <p className={styles.popoverTitle} role="alert">
            <StatusMark shape={worst.severity === "error" ? "bad" : "warn"} tone={worst.severity === "error" ? "bad" : "warn"} />
            {worst.message}
          </p>
        ) : (
          <p className={styles.popoverTitle}>
            <StatusMark shape="done" tone="ok" />
            Right as it is
          </p>
        )}
        {issues
          .filter((issue) => issue !== worst)
          .map((issue) => (
            <p key={issue.code}>{issue.message}</p>
          ))}
        <p>{columnRules[cell.column]}</p>
        <div className={styles.popoverActions}>
          {guess !== null && (
            <Button kind="primary" small keys="Mod+." onPress={() => void keep(guess, 0)}>
              Use {guess}
            </Button>
          )}
          <span>
            <Kbd keys="Enter" /> keep
          </span>
          <span>
            <Kbd keys="Escape" /> undo
          </span>
        </div>
      </div>
    </>
  );
}
