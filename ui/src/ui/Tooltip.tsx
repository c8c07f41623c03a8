import type { ReactElement } from "react";
import { Focusable, Tooltip as AriaTooltip, TooltipTrigger } from "react-aria-components";
import { Kbd } from "./Kbd";
import styles from "./Tooltip.module.css";

interface TooltipProps {
  text: string;
  keys?: string;
  /** One element that can take the focus. */
  children: ReactElement<React.DOMAttributes<Element>, string>;
}

/** A word about the control under the pointer or the focus. Never the only place where something is said. */
export function Tooltip({ text, keys, children }: TooltipProps) {
  return (
    <TooltipTrigger delay={450} closeDelay={80}>
      <Focusable>{children}</Focusable>
      <AriaTooltip className={styles.tip ?? ""} offset={6}>
        {text}
        {keys ? <Kbd keys={keys} /> : null}
      </AriaTooltip>
    </TooltipTrigger>
  );
}
