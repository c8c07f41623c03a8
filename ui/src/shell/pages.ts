// The pages of the sidebar in its order, with their keys: the sidebar, the palette and the key map all read them here.

import { Building2, History, LayoutDashboard, Layers, ListChecks, Settings2, UserRoundCheck } from "lucide-react";
import type { Icon } from "../ui";

export interface ShellPage {
  to: "/overview" | "/activation" | "/bulk" | "/transactions" | "/customers" | "/organisations" | "/settings";
  label: string;
  icon: Icon;
  keys: string;
}

const WORK: readonly ShellPage[] = [
  { to: "/overview", label: "Overview", icon: LayoutDashboard, keys: "Mod+1" },
  { to: "/activation", label: "Activation", icon: UserRoundCheck, keys: "Mod+2" },
  { to: "/bulk", label: "Bulk assignment", icon: ListChecks, keys: "Mod+3" },
  { to: "/transactions", label: "Transactions", icon: History, keys: "Mod+4" },
];
const CUSTOMERS: ShellPage = { to: "/customers", label: "Customers", icon: Building2, keys: "Mod+5" };

/** Customers stand there only where the organisation has some; they come last, so that no key changes its page. */
export function workPages(wholesale: boolean): readonly ShellPage[] {
  return wholesale ? [...WORK, CUSTOMERS] : WORK;
}

export const FOOT_PAGES: readonly ShellPage[] = [
  { to: "/organisations", label: "Organisations", icon: Layers, keys: "Mod+9" },
  { to: "/settings", label: "Settings", icon: Settings2, keys: "Mod+," },
];
