import { Check, Copy as CopyIcon } from "lucide-react";
import { useEffect, useState } from "react";
import { shortId } from "../format/number";
import { IconButton } from "./Button";
import { isFailure } from "../host";
import { toast, toastFailure } from "./Toast";
import styles from "./Copy.module.css";

/** The way that every web view has: some grant no clipboard to a page of their own scheme. */
function copyBySelection(text: string): boolean {
  const area = document.createElement("textarea");
  const active = document.activeElement;
  area.value = text;
  area.className = "sr";
  document.body.append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  if (active instanceof HTMLElement) active.focus();
  return done;
}

/** Puts text on the clipboard and says so if it cannot. */
export async function copyText(text: string, what: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    if (copyBySelection(text)) return true;
    toast({ tone: "bad", title: `The ${what} was not copied`, detail: "The system did not allow access to the clipboard. Select the text and copy it by hand." });
    return false;
  }
}

/**
 * Puts text on the clipboard that is still on its way. The clipboard is asked for at once: a web view that grants it only to
 * a press of a key would not remember the press by the time the text has come.
 */
export async function copyLater(coming: Promise<string>, what: string): Promise<boolean> {
  try {
    if (typeof ClipboardItem === "function") {
      await navigator.clipboard.write([new ClipboardItem({ "text/plain": coming.then((text) => new Blob([text], { type: "text/plain" })) })]);
      return true;
    }
  } catch {
    // Not granted this way; or the text did not come, which is told below.
  }
  let text: string;
  try {
    text = await coming;
  } catch (thrown) {
    if (isFailure(thrown)) toastFailure(thrown);
    else toast({ tone: "bad", title: `The ${what} was not copied`, detail: "It could not be read. Try again." });
    return false;
  }
  return await copyText(text, what);
}

/** A button that copies; it shows a check for a moment. */
export function CopyButton({ text, what, tabIndex }: { text: string; what: string; tabIndex?: number }) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return undefined;
    const timer = setTimeout(() => setCopied(false), 1500);
    return () => clearTimeout(timer);
  }, [copied]);
  return (
    <>
      <IconButton icon={copied ? Check : CopyIcon} label={`Copy ${what}`} {...(tabIndex === undefined ? {} : { tabIndex })} onPress={() => void copyText(text, what).then(setCopied)} />
      <span className="sr" role="status">
        {copied ? "Copied" : ""}
      </span>
    </>
  );
}

/** An id in mono, shortened in the middle, with a copy button. */
export function Copy({ text, what, full = false, tabIndex }: { text: string; what: string; full?: boolean; tabIndex?: number }) {
  return (
    <span className={styles.copy}>
      <span className={`mono ${full ? "break" : "nowrap"}`} title={text}>
        {full ? text : shortId(text)}
      </span>
      <CopyButton text={text} what={what} {...(tabIndex === undefined ? {} : { tabIndex })} />
    </span>
  );
}
