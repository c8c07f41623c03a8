// Words and marks of activation. Pure; a state that is not known is shown as it came.

import type { ActivationColumn, ActivationError, ActivationSource, ActivationUser, ActivationView } from "../host/generated";
import { count, counted } from "../format/number";
import type { MarkShape, Tone } from "../ui";

export interface ActivationWords {
  word: string;
  shape: MarkShape;
  tone: Tone;
  /** What the state says of the user. */
  meaning: string;
  /** What the administrator can do about it. */
  todo: string;
}

const STATES: Record<string, ActivationWords> = {
  provisioned: {
    word: "Provisioned",
    shape: "done",
    tone: "ok",
    meaning: "The user has completed activation and can install the Webex app and sign in, or has done so.",
    todo: "Nothing is left to be done.",
  },
  pending_email_input: {
    word: "Pending Email Input",
    shape: "none",
    tone: "idle",
    meaning: "Webex waits for the user’s e-mail address.",
    todo: "Ask the user to enter an address in the activation portal, or enter one for them where the user is set up.",
  },
  pending_email_validation: {
    word: "Pending Email Validation",
    shape: "half",
    tone: "warn",
    meaning: "An e-mail address was entered. Webex checks that it is not used elsewhere, or has asked the user to give up an old account with it.",
    todo: "Ask the user to look for Webex’s mail, in the junk folder too, and to do what it says. A mistyped address never gets one.",
  },
  pending_user_migration: {
    word: "Pending User Consent",
    shape: "half",
    tone: "warn",
    meaning: "The address belongs to a Webex account of the user’s own. Webex has asked by mail whether it may be moved here, and waits for the answer.",
    todo: "Ask the user to agree in that mail. It can be sent again.",
  },
  provisioning: {
    word: "Provisioning",
    shape: "most",
    tone: "busy",
    meaning: "The address is validated, and Webex prepares the account.",
    todo: "Nothing is to be done but to wait; Refresh Status shows when it has ended.",
  },
  updating: {
    word: "Updating",
    shape: "most",
    tone: "busy",
    meaning: "A change is being carried out. New values are shown once the user is provisioned again.",
    todo: "Nothing is to be done but to wait; Refresh Status shows when it has ended.",
  },
  error: {
    word: "Error",
    shape: "bad",
    tone: "bad",
    meaning: "Webex could not set the user up.",
    todo: "Put right what Webex says is wrong, then provision the user again where it was begun.",
  },
};

/** Where people are the source, an open invitation is what the states mean. */
const OF_PEOPLE: Record<string, Pick<ActivationWords, "meaning" | "todo">> = {
  pending_email_input: { meaning: "The person has no e-mail address, so Webex has sent no invitation.", todo: "Give the person an e-mail address in Control Hub." },
  pending_email_validation: { meaning: "Webex has sent an invitation, and the person has not accepted it.", todo: "Ask the person to look for Webex’s mail, in the junk folder too. It can be sent again, to everybody who has not accepted." },
  provisioned: { meaning: "The person has accepted the invitation and can sign in to the Webex app.", todo: "Nothing is left to be done." },
};

/** In the order of the way; the filter shows these always. */
export const NAMED_STATES: readonly string[] = ["provisioned", "pending_email_input", "pending_email_validation", "provisioning"];

export function stateWords(state: string, source?: ActivationSource): ActivationWords {
  const known = Object.hasOwn(STATES, state) ? STATES[state] : undefined;
  if (known === undefined) return { word: state, shape: "none", tone: "idle", meaning: `Webex calls this state “${state}”. Patchbay does not know it and shows it as it came.`, todo: "Look in Control Hub what it means." };
  const ofPeople = source === "people" && Object.hasOwn(OF_PEOPLE, state) ? OF_PEOPLE[state] : undefined;
  return { ...known, ...ofPeople };
}

/** Has not begun activation, and so has not installed the app (product A3). */
export function hasNotBegun({ email, state }: Pick<ActivationUser, "email" | "state">): boolean {
  return email === null || email.trim() === "" || state === "pending_email_input";
}

export const SOURCE_WORDS: Record<ActivationSource, string> = {
  broadworks: "Subscribers of BroadWorks",
  wholesale: "Subscribers of wholesale customers",
  people: "People of the organisation and their invitations",
};

/** Heads as the source of the feature spells them; our own columns in our spelling. */
export const COLUMN_WORDS: Record<ActivationColumn, string> = {
  location: "Location",
  licence: "Webex License",
  service_type: "Service Type",
  service_id: "Service ID",
  extension: "Ext",
  first_name: "First Name",
  last_name: "Last Name",
  email: "Email",
  state: "Webex Email Validation",
  last_status_change: "Last Status Change",
  as_of: "As Of",
};

/** "Kwame Asante"; without a name what else tells the user apart. */
export function userName(user: Pick<ActivationUser, "firstName" | "lastName" | "email" | "serviceId" | "extension" | "key">): string {
  const name = [user.firstName, user.lastName].filter((part) => part !== null && part.trim() !== "").join(" ");
  return name || user.email || user.serviceId || user.extension || user.key;
}

/** "10022: The BroadWorks UserID is already associated with an existing user". */
export function errorWords({ code, description }: ActivationError): string {
  return code === null ? description : `${code}: ${description}`;
}

/** What narrows the view, one phrase each, for the footer and the empty state. */
export function filterWords(view: ActivationView, source?: ActivationSource): string[] {
  const set = (name: string, value: string | null) => (value === null ? null : value === "" ? `without ${name}` : `${name} “${value}”`);
  return [
    view.state === null ? null : stateWords(view.state, source).word,
    view.stuck ? "stuck for more than 7 days" : null,
    set(COLUMN_WORDS.location, view.location),
    set(COLUMN_WORDS.licence, view.licence),
    set(COLUMN_WORDS.service_type, view.serviceType),
    set(COLUMN_WORDS.service_id, view.serviceId),
    set(COLUMN_WORDS.extension, view.extension),
    set(COLUMN_WORDS.first_name, view.firstName),
    set(COLUMN_WORDS.last_name, view.lastName),
    set(COLUMN_WORDS.email, view.email),
    view.search === null ? null : `the search “${view.search}”`,
  ].filter((one) => one !== null);
}

/** How many are selected, of how many where that is certain, and who is no longer seen. `left` is null where it cannot be told who left the view. */
export function chosenWords(chosen: number, total: number, left: number | null): string {
  const certain = left ?? Math.max(0, chosen - total);
  if (left === 0) return `${count(chosen)} of ${counted(total, "user")} selected`;
  const selected = `${counted(chosen, "user")} selected`;
  if (certain === 0) return selected;
  return `${selected}, ${left === null ? "at least " : ""}${count(certain)} no longer in the view`;
}
