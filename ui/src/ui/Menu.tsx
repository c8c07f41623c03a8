import type { ReactNode } from "react";
import { Button as AriaButton, Menu as AriaMenu, MenuItem, MenuTrigger, Popover } from "react-aria-components";
import { type ButtonKind, buttonClass, type Icon } from "./Button";
import { Kbd } from "./Kbd";
import buttonStyles from "./Button.module.css";
import styles from "./Menu.module.css";

export interface MenuAction {
  id: string;
  label: string;
  /** A second line: what it does or which kind it is. */
  detail?: string;
  icon?: Icon;
  keys?: string;
  destructive?: boolean;
  /** Why it is off; shown as its second line. */
  disabledReason?: string | null;
  onPress: () => void;
}

interface MenuProps {
  /** What the button says, or its accessible name where it has only a picture. */
  label: string;
  icon?: Icon;
  iconOnly?: boolean;
  kind?: ButtonKind;
  keys?: string;
  tabIndex?: number;
  /** Another face for the button, for instance the organisation switcher. */
  face?: { className: string; content: ReactNode };
  actions: readonly MenuAction[];
  placement?: "bottom start" | "bottom end" | "top end";
}

/** A button that opens a list of actions. */
export function Menu({ label, icon: IconShape, iconOnly = false, kind = "default", keys, face, actions, placement = "bottom end" }: MenuProps) {
  const className = face?.className ?? (iconOnly ? buttonStyles.icon : buttonClass(kind)) ?? "";
  const run = (id: string) => actions.find((action) => action.id === id && !action.disabledReason)?.onPress();
  return (
    <MenuTrigger>
      <AriaButton className={className} {...(iconOnly || face ? { "aria-label": label } : {})}>
        {face?.content ?? (
          <>
            {IconShape ? <IconShape aria-hidden="true" /> : null}
            {iconOnly ? null : label}
            {keys && !iconOnly ? <Kbd keys={keys} /> : null}
          </>
        )}
      </AriaButton>
      <Popover className={styles.popover ?? ""} placement={placement} offset={4} data-overlay>
        <AriaMenu className={styles.menu ?? ""} aria-label={label} onAction={(id) => run(String(id))} disabledKeys={actions.filter((action) => action.disabledReason).map((action) => action.id)}>
          {actions.map(({ id, label: name, detail, icon: ItemIcon, keys: itemKeys, destructive, disabledReason }) => (
            <MenuItem key={id} id={id} textValue={name} className={`${styles.item} ${destructive ? styles.destructive : ""}`}>
              {ItemIcon ? <ItemIcon aria-hidden="true" /> : null}
              <span className={styles.words}>
                {name}
                {(disabledReason ?? detail) ? <span className="cap">{disabledReason ?? detail}</span> : null}
              </span>
              {itemKeys ? <Kbd keys={itemKeys} /> : null}
            </MenuItem>
          ))}
        </AriaMenu>
      </Popover>
    </MenuTrigger>
  );
}
