// A passphrase that is chosen, typed twice.

import { SecretField } from "../ui";

const LEAST = 8;

export interface Chosen {
  passphrase: string;
  again: string;
}

/** Which of the two fields is wrong, or null. */
export function passphraseProblem({ passphrase, again }: Chosen): "short" | "differs" | null {
  if ([...passphrase].length < LEAST) return "short";
  return passphrase === again ? null : "differs";
}

interface NewPassphraseProps {
  label: string;
  value: Chosen;
  onChange: (value: Chosen) => void;
  /** It was sent once: what is wrong is said. */
  tried: boolean;
  /** What the core says of the passphrase. */
  refused?: string | null;
}

export function NewPassphrase({ label, value, onChange, tried, refused = null }: NewPassphraseProps) {
  const problem = tried ? passphraseProblem(value) : null;
  const typed = [...value.passphrase].length;
  return (
    <>
      <SecretField label={label} name="passphrase" autoComplete="new-password" required value={value.passphrase} onChange={(passphrase) => onChange({ ...value, passphrase })} hint={`${LEAST} characters or more`} error={refused ?? (problem === "short" ? `${typed} characters are too few. Use ${LEAST} or more.` : null)} />
      <SecretField label={`${label} again`} name="again" autoComplete="new-password" required value={value.again} onChange={(again) => onChange({ ...value, again })} error={problem === "differs" ? "This differs from the passphrase above. Type the same." : null} />
    </>
  );
}
