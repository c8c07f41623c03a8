import { Search, X } from "lucide-react";
import type { Ref } from "react";
import { IconButton } from "./Button";
import { Kbd } from "./Kbd";
import styles from "./SearchField.module.css";
import { useLeaving } from "./useLeaving";
import { useTyped } from "./useTyped";

interface SearchFieldProps {
  label: string;
  placeholder?: string;
  value: string;
  /** Called a moment after the last letter, and at once when it is cleared. */
  onChange: (value: string) => void;
  wide?: boolean;
  ref?: Ref<HTMLInputElement>;
}

/** Searches a list. Bind `/` to its ref (see `useShortcuts`); Esc leaves, a second Esc clears. */
export function SearchField({ label, placeholder = label, value, onChange, wide = false, ref }: SearchFieldProps) {
  const { typed, set, clear } = useTyped(value, onChange);
  const leaving = useLeaving(typed === "" ? null : clear);
  return (
    <span className={`${styles.search} ${wide ? styles.wide : ""}`} role="search">
      <Search aria-hidden="true" />
      <input
        ref={ref}
        type="text"
        aria-label={label}
        placeholder={placeholder}
        value={typed}
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => set(event.target.value)}
        onKeyDown={leaving}
      />
      {typed === "" ? <Kbd keys="/" /> : <IconButton icon={X} label="Clear search" onPress={clear} />}
    </span>
  );
}
