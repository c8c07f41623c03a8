// Buttons. One that is off for a reason keeps its focus and says the reason; it is never simply hidden.

import { type ComponentType, type MouseEvent, type ReactNode, type Ref, useId } from "react";
import { Kbd } from "./Kbd";
import { StatusMark } from "./StatusMark";
import { Tooltip } from "./Tooltip";
import styles from "./Button.module.css";

export type ButtonKind = "default" | "primary" | "tonal" | "ghost" | "destructive" | "quiet";
export type Icon = ComponentType<{ "aria-hidden"?: boolean | "true" | "false" }>;

interface ButtonProps {
  children: ReactNode;
  kind?: ButtonKind;
  small?: boolean;
  wide?: boolean;
  icon?: Icon;
  /** Shown as key caps; it does not bind the key (see `useShortcuts`). */
  keys?: string;
  /** Why the button is off. Set, it is `aria-disabled`, and pressing it does nothing. */
  disabledReason?: string | null | undefined;
  /** The action is under way: a spinner replaces the icon and pressing does nothing. */
  busy?: boolean;
  type?: "button" | "submit";
  form?: string;
  autoFocus?: boolean;
  tabIndex?: number;
  /** Where the visible words do not name the object, for instance in a row. */
  "aria-label"?: string;
  onPress?: () => void;
  ref?: Ref<HTMLButtonElement>;
}

const KIND: Record<ButtonKind, string | undefined> = {
  default: "",
  primary: styles.primary,
  tonal: styles.tonal,
  ghost: styles.ghost,
  destructive: styles.destructive,
  quiet: styles.quiet,
};

/** The class names of a button, for links and menu triggers that must look like one. */
export function buttonClass(kind: ButtonKind = "default", small = false, wide = false): string {
  return [styles.button, KIND[kind], small ? styles.small : "", wide ? styles.wide : ""].filter(Boolean).join(" ");
}

export function Button(props: ButtonProps) {
  const { children, kind = "default", small = false, wide = false, icon: IconShape, keys, disabledReason, busy = false, type = "button", onPress, ref, ...rest } = props;
  const reasonId = useId();
  const off = Boolean(disabledReason) || busy;
  const pressed = (event: MouseEvent) => {
    if (off) {
      event.preventDefault();
      return;
    }
    onPress?.();
  };
  const button = (
    <button
      {...rest}
      ref={ref}
      type={type}
      className={buttonClass(kind, small, wide)}
      aria-disabled={off || undefined}
      aria-busy={busy || undefined}
      aria-describedby={disabledReason ? reasonId : undefined}
      onClick={pressed}
    >
      {busy ? <StatusMark shape="busy" /> : IconShape ? <IconShape aria-hidden="true" /> : null}
      {children}
      {keys ? <Kbd keys={keys} /> : null}
    </button>
  );
  if (!disabledReason) return button;
  return (
    <>
      <Tooltip text={disabledReason}>{button}</Tooltip>
      <span id={reasonId} className="sr">
        {disabledReason}
      </span>
    </>
  );
}

interface IconButtonProps {
  icon: Icon;
  /** The accessible name; inside a row it names the row. */
  label: string;
  /** The tooltip, if shorter than the label. */
  tip?: string;
  keys?: string;
  disabledReason?: string | null | undefined;
  pressed?: boolean;
  tabIndex?: number;
  onPress: () => void;
  ref?: Ref<HTMLButtonElement>;
}

/** A 24 px button with a picture; its label is its tooltip. */
export function IconButton({ icon: IconShape, label, tip, keys, disabledReason, pressed, tabIndex, onPress, ref }: IconButtonProps) {
  const reasonId = useId();
  const text = disabledReason ? `${tip ?? label}: ${disabledReason}` : (tip ?? label);
  return (
    <>
      <Tooltip text={text} {...(keys ? { keys } : {})}>
        <button
          ref={ref}
          type="button"
          className={styles.icon}
          aria-label={label}
          aria-pressed={pressed}
          aria-disabled={disabledReason ? true : undefined}
          aria-describedby={disabledReason ? reasonId : undefined}
          tabIndex={tabIndex}
          onClick={(event) => {
            if (disabledReason) event.preventDefault();
            else onPress();
          }}
        >
          <IconShape aria-hidden="true" />
        </button>
      </Tooltip>
      {disabledReason ? (
        <span id={reasonId} className="sr">
          {disabledReason}
        </span>
      ) : null}
    </>
  );
}

/** A button that looks like a link, for actions inside text. */
export function LinkButton({ children, onPress, tabIndex }: { children: ReactNode; onPress: () => void; tabIndex?: number }) {
  return (
    <button type="button" className={styles.link} onClick={onPress} tabIndex={tabIndex}>
      {children}
    </button>
  );
}
