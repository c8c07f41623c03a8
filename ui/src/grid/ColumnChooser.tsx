// Which columns are shown and in which order.

import { ArrowDown, ArrowUp, Columns3, RotateCcw } from "lucide-react";
import { useLayoutEffect, useRef, useState } from "react";
import { announce } from "../shell/announce";
import { Button, Checkbox, Dialog, IconButton } from "../ui";
import styles from "./ColumnChooser.module.css";
import { nameOf } from "./GridHead";
import { type GridLayout, inOrder, isShown, isStandard, shifted, STANDARD_LAYOUT, withShown } from "./layout";
import type { Column } from "./types";

interface ColumnChooserProps<Row, Sort extends string> {
  /** All that the page offers. */
  columns: readonly Column<Row, Sort>[];
  layout: GridLayout;
  /** A picture in the place of the word. */
  compact?: boolean;
  onChange: (next: (before: GridLayout) => GridLayout) => void;
}

/** A button with the list of columns. Alt with Up and Down moves the one that has the focus. */
export function ColumnChooser<Row, Sort extends string>({ columns, layout, compact = false, onChange }: ColumnChooserProps<Row, Sort>) {
  const [open, setOpen] = useState(false);
  const list = useRef<HTMLUListElement>(null);
  /** The control that moved with its row: a row that is put elsewhere in the page loses the focus. */
  const moved = useRef<HTMLElement | null>(null);
  useLayoutEffect(() => {
    if (moved.current?.isConnected && list.current?.contains(moved.current)) moved.current.focus();
    moved.current = null;
  }, [layout]);
  const offered = inOrder(columns, layout).filter((column) => !column.fixed);
  const movable = offered.filter((column) => !column.pinned);
  const left = offered.filter((column) => isShown(column, layout)).length;

  const move = (column: Column<Row, Sort>, by: -1 | 1) => {
    moved.current = document.activeElement instanceof HTMLElement ? document.activeElement : null;
    onChange((before) => {
      const next = shifted(columns, before, column.id, by);
      if (next !== before) announce(`${nameOf(column)}: place ${next.order.indexOf(column.id) + 1} of ${movable.length}`);
      return next;
    });
  };

  return (
    <>
      {compact ? (
        <IconButton icon={Columns3} label="Columns" onPress={() => setOpen(true)} />
      ) : (
        <Button icon={Columns3} onPress={() => setOpen(true)}>
          Columns
        </Button>
      )}
      {open ? (
        <Dialog
          title="Columns"
          dismissable
          onClose={() => setOpen(false)}
          actions={
            <>
              <Button
                icon={RotateCcw}
                disabledReason={isStandard(layout) ? "Columns, order and widths are as they came" : null}
                onPress={() => {
                  onChange(() => STANDARD_LAYOUT);
                  announce("Columns, order and widths are as they came");
                }}
              >
                Reset columns
              </Button>
              <Button kind="primary" onPress={() => setOpen(false)}>
                Close
              </Button>
            </>
          }
        >
          <ul ref={list} className={styles.list}>
            {offered.map((column) => {
              const shown = isShown(column, layout);
              const place = movable.indexOf(column);
              const name = nameOf(column);
              const last = shown && left === 1;
              return (
                <li
                  key={column.id}
                  className={styles.item}
                  onKeyDown={(event) => {
                    if (!event.altKey || column.pinned || (event.key !== "ArrowUp" && event.key !== "ArrowDown")) return;
                    event.preventDefault();
                    move(column, event.key === "ArrowUp" ? -1 : 1);
                  }}
                >
                  <Checkbox label={name} checked={shown} {...(last ? { hint: "One column stays" } : {})} onChange={(event) => (last ? undefined : onChange((before) => withShown(before, column.id, event.target.checked)))} />
                  {column.pinned ? (
                    <span className="cap">at the right</span>
                  ) : (
                    <span className={styles.moves}>
                      <IconButton icon={ArrowUp} label={`Move ${name} up`} disabledReason={place === 0 ? "It is the first" : null} onPress={() => move(column, -1)} />
                      <IconButton icon={ArrowDown} label={`Move ${name} down`} disabledReason={place === movable.length - 1 ? "It is the last" : null} onPress={() => move(column, 1)} />
                    </span>
                  )}
                </li>
              );
            })}
          </ul>
          <p className="cap">Alt with Up and Down moves a column. Widths: drag the edge of a head, or Alt with Left and Right on it; a double press on the edge gives its own width back.</p>
        </Dialog>
      ) : null}
    </>
  );
}
