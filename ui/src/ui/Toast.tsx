// Toasts: the last place an error or a result may be told, when no field, banner or dialog is its own.

import { X } from "lucide-react";
import { useEffect, useSyncExternalStore } from "react";
import { FAILURES, type Failure } from "../host";
import { Button, IconButton } from "./Button";
import { type MarkShape, StatusMark, type Tone } from "./StatusMark";
import styles from "./Toast.module.css";

interface ToastContent {
  tone: "ok" | "info" | "bad";
  title: string;
  detail?: string;
  action?: { label: string; onPress: () => void };
}
interface Toast extends ToastContent {
  id: number;
}

let toasts: readonly Toast[] = [];
let nextId = 1;
const listeners = new Set<() => void>();

function change(next: readonly Toast[]): void {
  toasts = next;
  for (const heard of listeners) heard();
}

/** Says something in the corner; good news leaves by itself after 8 s, bad news stays. At most three at once. */
export function toast(content: ToastContent): void {
  const same = toasts.filter((other) => other.title !== content.title || other.detail !== content.detail);
  change([...same.slice(-2), { ...content, id: nextId++ }]);
}

/** An `onFailure` for `useAction`. */
export function toastFailure(failure: Failure): void {
  toast({ tone: "bad", title: FAILURES[failure.code].title, detail: failure.message });
}

const MARKS: Record<ToastContent["tone"], [MarkShape, Tone]> = { ok: ["done", "ok"], info: ["info", "busy"], bad: ["bad", "bad"] };

function ToastCard({ id, tone, title, detail, action }: Toast) {
  useEffect(() => {
    if (tone === "bad") return undefined;
    const timer = setTimeout(() => dismiss(id), 8000);
    return () => clearTimeout(timer);
  }, [id, tone]);
  const [shape, markTone] = MARKS[tone];
  return (
    <div className={styles.toast}>
      <StatusMark shape={shape} tone={markTone} size={16} />
      <div className={styles.words}>
        <p className="strong">{title}</p>
        {detail ? <p className="soft break">{detail}</p> : null}
        {action ? (
          <Button
            small
            onPress={() => {
              dismiss(id);
              action.onPress();
            }}
          >
            {action.label}
          </Button>
        ) : null}
      </div>
      <IconButton icon={X} label={`Dismiss: ${title}`} tip="Dismiss" onPress={() => dismiss(id)} />
    </div>
  );
}

function dismiss(id: number): void {
  change(toasts.filter((other) => other.id !== id));
}

function subscribe(heard: () => void): () => void {
  listeners.add(heard);
  return () => listeners.delete(heard);
}

/** The live region; the shell renders it once. */
export function ToastRegion() {
  const shown = useSyncExternalStore(subscribe, () => toasts);
  return (
    <div className={styles.region} role="region" aria-label="Messages">
      <div role="status">{shown.filter((one) => one.tone !== "bad").map((one) => <ToastCard key={one.id} {...one} />)}</div>
      <div role="alert">{shown.filter((one) => one.tone === "bad").map((one) => <ToastCard key={one.id} {...one} />)}</div>
    </div>
  );
}
