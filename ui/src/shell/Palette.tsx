// The command palette: pages, actions, organisations and templates, found by any of their words.

import { useNavigate } from "@tanstack/react-router";
import { ArrowDownUp, Bell, CalendarClock, FileText, Keyboard, Layers, Link2, ListChecks, Loader, Moon, Rows3, Rows4, Play, Plus, Search, Sun, SunMoon } from "lucide-react";
import { Fragment, type KeyboardEvent, useEffect, useId, useMemo, useRef, useState } from "react";
import { Dialog as AriaDialog, Modal, ModalOverlay } from "react-aria-components";
import { useNow } from "../format/useNow";
import { type Theme, useAction, useCommand } from "../host";
import { consentWords } from "../organisations/consentWords";
import { useWarnDays } from "../organisations/useWarnDays";
import { type Icon, Kbd, toastFailure } from "../ui";
import { find, marked, type PaletteEntry } from "./find";
import styles from "./Palette.module.css";
import { FOOT_PAGES, type ShellPage, workPages } from "./pages";
import { useCurrentOrganisation, usePreferences } from "./preferences";
import { useBoundShortcuts } from "./shortcuts";

interface Entry extends PaletteEntry {
  icon: Icon;
  keys?: string;
  /** Why it cannot be done now. */
  off?: string | null | undefined;
  run: () => void;
}

const STATUS = { draft: "Draft", in_progress: "In progress", completed: "Completed" } as const;
const THEMES: readonly (readonly [Theme, string, Icon])[] = [
  ["system", "Theme: as the system", SunMoon],
  ["light", "Theme: light", Sun],
  ["dark", "Theme: dark", Moon],
];

function useEntries(onKeys: () => void, onJobs: () => void, onAttention: () => void): Entry[] {
  const navigate = useNavigate();
  const now = useNow();
  const groups = useBoundShortcuts();
  const organisations = useCommand("organisations.list", {}).data?.organisations;
  const templates = useCommand("bulkAssignments.list", { search: null }).data?.templates;
  const { preferences, change } = usePreferences();
  const density = preferences?.density;
  const warnDays = useWarnDays();
  const current = useCurrentOrganisation();
  const wholesale = current?.wholesale ?? false;
  const { run: openDemo } = useAction("demo.open", toastFailure);
  return useMemo(() => {
    const page = ({ to, label, icon, keys }: ShellPage): Entry => ({ id: `page-${to}`, group: "Pages", label, icon, keys, run: () => void navigate({ to }) });
    const pages: Entry[] = [
      ...workPages(wholesale).map(page),
      ...FOOT_PAGES.slice(0, 1).map(page),
      { id: "page-schedules", group: "Pages", label: "Schedules", detail: "what runs by itself", icon: CalendarClock, run: () => void navigate({ to: "/schedules" }) },
      ...FOOT_PAGES.slice(1).map(page),
    ];
    const here: Entry[] = groups
      .filter((group) => group.title !== "Everywhere")
      .flatMap((group) => group.shortcuts().map((shortcut) => ({ id: `here-${shortcut.keys}`, group: "On this page", label: shortcut.label, icon: Play, keys: shortcut.keys, off: shortcut.off, command: true, run: shortcut.run })));
    const actions: Entry[] = [
      { id: "new-assignment", group: "Run", label: "New assignment", icon: Plus, command: true, run: () => void navigate({ to: "/bulk/new" }) },
      { id: "add-organisation", group: "Run", label: "Add organisation", icon: Plus, command: true, run: () => void navigate({ to: "/organisations/new" }) },
      ...(current && current.environment.kind !== "demo"
        ? [{ id: "connect", group: "Run", label: `Connect ${current.name} to Webex…`, icon: Link2, command: true, run: () => void navigate({ to: "/organisations/$organisation", params: { organisation: current.id }, search: { connect: true } }) }]
        : []),
      ...(current?.directorySyncEnabled ? [{ id: "directory-sync", group: "Run", label: `Directory Sync of ${current.name}…`, icon: ArrowDownUp, command: true, run: () => void navigate({ to: "/activation", search: { directorySync: "all" } }) }] : []),
      {
        id: "open-demo",
        group: "Run",
        label: "Open the demo organisation",
        detail: "nothing leaves this computer",
        icon: Play,
        command: true,
        run: () => void openDemo({}).then((opened) => (opened ? change({ organisation: opened.organisation }).then(() => navigate({ to: "/bulk" })) : undefined)),
      },
      { id: "jobs", group: "Run", label: "Show work that is running", icon: Loader, keys: "Mod+J", command: true, run: onJobs },
      { id: "attention", group: "Run", label: "Show what needs attention", icon: Bell, command: true, run: onAttention },
      density === "compact"
        ? { id: "density", group: "Run", label: "Rows: standard", icon: Rows3, command: true, run: () => void change({ density: "standard" }) }
        : { id: "density", group: "Run", label: "Rows: compact", icon: Rows4, command: true, run: () => void change({ density: "compact" }) },
      { id: "keys", group: "Run", label: "Show the keyboard map", icon: Keyboard, keys: "?", command: true, run: onKeys },
      ...THEMES.map(([theme, label, icon]): Entry => ({ id: `theme-${theme}`, group: "Run", label, icon, command: true, run: () => void change({ theme }) })),
      ...(organisations ?? []).map((one): Entry => ({ id: `switch-${one.id}`, group: "Run", label: `Switch to ${one.name}`, icon: Layers, command: true, run: () => void change({ organisation: one.id }) })),
    ];
    const known: Entry[] = [
      ...(templates ?? []).map(
        (one): Entry => ({
          id: `template-${one.id}`,
          group: "Bulk assignment",
          label: one.status === "completed" ? `Report of ${one.name}` : `Open ${one.name}`,
          detail: STATUS[one.status],
          icon: one.status === "completed" ? FileText : ListChecks,
          run: () => void navigate({ to: one.status === "completed" ? "/bulk/$template/report" : one.status === "in_progress" ? "/bulk/$template/run" : "/bulk/$template/check", params: { template: one.id } }),
        }),
      ),
      ...(organisations ?? []).map((one): Entry => ({ id: `organisation-${one.id}`, group: "Organisations", label: one.name, detail: consentWords(one, now, warnDays).words, icon: Layers, run: () => void navigate({ to: "/organisations/$organisation", params: { organisation: one.id } }) })),
    ];
    return [...pages, ...here, ...known, ...actions];
  }, [navigate, now, groups, organisations, templates, change, openDemo, onKeys, onJobs, onAttention, density, warnDays, wholesale, current]);
}

export function Palette({ onClose, onKeys, onJobs, onAttention }: { onClose: () => void; onKeys: () => void; onJobs: () => void; onAttention: () => void }) {
  const entries = useEntries(onKeys, onJobs, onAttention);
  const [typed, setTyped] = useState("");
  const [at, setAt] = useState(0);
  const listId = useId();
  const list = useRef<HTMLDivElement>(null);
  const found = useMemo(() => find(entries, typed), [entries, typed]);
  const chosen = found[Math.min(at, found.length - 1)];
  useEffect(() => {
    list.current?.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
  }, [chosen]);

  const run = (entry: Entry | undefined) => {
    if (!entry || entry.off) return;
    onClose();
    entry.run();
  };
  const keyDown = (event: KeyboardEvent) => {
    const last = found.length - 1;
    if (event.key === "ArrowDown") setAt((before) => (before >= last ? 0 : before + 1));
    else if (event.key === "ArrowUp") setAt((before) => (before <= 0 ? last : before - 1));
    else if (event.key === "Enter") run(chosen);
    else return;
    event.preventDefault();
  };

  return (
    <ModalOverlay className={styles.scrim ?? ""} isOpen isDismissable onOpenChange={(open) => (open ? undefined : onClose())} data-overlay>
      <Modal className={styles.box ?? ""}>
        <AriaDialog className={styles.dialog ?? ""} aria-label="Find or run">
          <div className={styles.typing}>
            <Search aria-hidden="true" />
            <input
              type="text"
              role="combobox"
              aria-label="Find or run"
              aria-expanded="true"
              aria-controls={listId}
              aria-autocomplete="list"
              aria-activedescendant={chosen ? `${listId}-${chosen.id}` : undefined}
              placeholder="Find or run"
              value={typed}
              autoFocus
              autoComplete="off"
              spellCheck={false}
              onChange={(event) => {
                setTyped(event.target.value);
                setAt(0);
              }}
              onKeyDown={keyDown}
            />
            <Kbd keys="Escape" />
          </div>
          <div className={styles.list} id={listId} role={found.length === 0 ? "presentation" : "listbox"} aria-label={found.length === 0 ? undefined : "Found"} ref={list}>
            {found.map((entry, index) => (
              <Fragment key={entry.id}>
                {found[index - 1]?.group === entry.group ? null : (
                  <div className={styles.group} role="presentation">
                    {entry.group}
                  </div>
                )}
                {/* The keys are the input's: the listbox pattern keeps the focus there. */}
                <div
                  id={`${listId}-${entry.id}`}
                  role="option"
                  tabIndex={-1}
                  aria-selected={entry === chosen}
                  aria-disabled={entry.off ? true : undefined}
                  className={styles.entry}
                  onPointerMove={() => setAt(index)}
                  onClick={() => run(entry)}
                  onKeyDown={() => undefined}
                >
                  <entry.icon aria-hidden="true" />
                  <span className="clip">
                    {marked(entry.label, typed).map((part, place) =>
                      // Parts of one label have no identity beyond their place.
                      part.hit ? <mark key={`${place}-${part.text}`}>{part.text}</mark> : <span key={`${place}-${part.text}`}>{part.text}</span>,
                    )}
                  </span>
                  {(entry.off ?? entry.detail) ? <span className={`${styles.detail} clip`}>{entry.off ?? entry.detail}</span> : null}
                  <span className="push">{entry === chosen ? <Kbd keys="Enter" /> : entry.keys ? <Kbd keys={entry.keys} /> : null}</span>
                </div>
              </Fragment>
            ))}
          </div>
          {found.length === 0 ? <p className={styles.none}>Nothing here is called “{typed.replace(/^>\s*/, "")}”.</p> : null}
          <div className={styles.foot} aria-hidden="true">
            <span className={styles.hint}>
              <Kbd keys="ArrowUp+ArrowDown" /> move
            </span>
            <span className={styles.hint}>
              <Kbd keys="Enter" /> open
            </span>
            <span className={`${styles.hint} push`}>
              <Kbd keys=">" /> commands only
            </span>
          </div>
          <span className="sr" role="status">
            {found.length} found
          </span>
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}
