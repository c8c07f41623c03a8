/** The one rule whose rows a grid shows alone, and the way back to all of them. */
import { LinkButton } from "../ui";
import styles from "./ChosenRule.module.css";

export function ChosenRule({ title, onClear }: { title: string; onClear: () => void }) {
  return (
    <span className={styles.rule} title={title}>
      {title} <LinkButton onPress={onClear}>Show all</LinkButton>
    </span>
  );
}
