import { Link } from "@tanstack/react-router";
import { useVirtualizer } from "@tanstack/react-virtual";
import { Plus } from "lucide-react";
import { type KeyboardEvent, useDeferredValue, useEffect, useMemo, useRef, useState } from "react";
import { useNow } from "../format/useNow";
import type { Organisation } from "../host";
import { Tile } from "../shell/Sidebar";
import { buttonClass, SearchField, StatusMark } from "../ui";
import { consentWords } from "./consentWords";
import styles from "./Organisation.module.css";
import { byName, matches } from "./find";
import { useWarnDays } from "./useWarnDays";

const ITEM = 46;
/** Below this many the list is seen whole, and a search would only be in the way. */
const SEARCHED = 10;

/**
 * The narrow list beside a form: every organisation with its consent. One tab stop; the arrows move, Enter opens. Hidden
 * in small windows, where the form takes the page.
 */
export function OrganisationList({ organisations, current }: { organisations: readonly Organisation[]; current: string | null }) {
  const now = useNow();
  const warnDays = useWarnDays();
  const [search, setSearch] = useState("");
  const wanted = useDeferredValue(search);
  const shown = useMemo(() => organisations.filter((one) => matches(one, wanted)).toSorted(byName), [organisations, wanted]);
  const at = shown.findIndex((one) => one.id === current);
  const [moved, setMoved] = useState<number | null>(null);
  const stop = Math.min(moved ?? Math.max(0, at), Math.max(0, shown.length - 1));
  const scroller = useRef<HTMLDivElement>(null);
  const wantsFocus = useRef(false);
  const virtualizer = useVirtualizer({ count: shown.length, getScrollElement: () => scroller.current, estimateSize: () => ITEM, overscan: 12, paddingStart: 8, paddingEnd: 8 });

  useEffect(() => {
    if (at >= 0) virtualizer.scrollToIndex(at, { align: "auto" });
    // Only when another one is opened.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [current, shown.length]);
  useEffect(() => {
    if (!wantsFocus.current) return;
    const target = scroller.current?.querySelector<HTMLElement>(`[data-index="${stop}"] a`);
    if (!target) return;
    wantsFocus.current = false;
    target.focus({ preventScroll: true });
  });

  const keyDown = (event: KeyboardEvent) => {
    const last = shown.length - 1;
    const to = { ArrowDown: stop + 1, ArrowUp: stop - 1, Home: 0, End: last }[event.key];
    if (to === undefined || last < 0) return;
    event.preventDefault();
    const next = Math.max(0, Math.min(last, to));
    wantsFocus.current = true;
    setMoved(next);
    virtualizer.scrollToIndex(next, { align: "auto" });
  };

  return (
    <nav className={styles.list} aria-label="Organisations" data-area="head">
      <div className={styles.listHead}>
        <Link to="/organisations" className={styles.listTitle} activeOptions={{ exact: true }}>
          Organisations
        </Link>
        <Link to="/organisations/new" className={`${buttonClass()} push`}>
          <Plus aria-hidden="true" />
          Add
        </Link>
      </div>
      {organisations.length >= SEARCHED ? (
        <div className={styles.listSearch}>
          <SearchField label="Search organisations" placeholder="Search" value={search} onChange={setSearch} />
        </div>
      ) : null}
      <div className={styles.listItems} ref={scroller}>
        {shown.length === 0 && organisations.length > 0 ? <p className={`cap ${styles.listNone}`}>None of {organisations.length} organisations matches “{search}”.</p> : null}
        <ul className={styles.listRows} style={{ height: virtualizer.getTotalSize() }} onKeyDown={keyDown}>
          {virtualizer.getVirtualItems().map(({ index, start }) => {
            const organisation = shown[index];
            if (organisation === undefined) return null;
            const consent = consentWords(organisation, now, warnDays);
            return (
              <li key={organisation.id} data-index={index} className={styles.listRow} style={{ transform: `translateY(${start}px)` }} aria-setsize={shown.length} aria-posinset={index + 1}>
                <Link
                  to="/organisations/$organisation"
                  params={{ organisation: organisation.id }}
                  className={styles.listItem}
                  tabIndex={index === stop ? 0 : -1}
                  aria-current={organisation.id === current ? "page" : undefined}
                  onFocus={() => setMoved(index)}
                >
                  <Tile name={organisation.name} quiet={organisation.id !== current} />
                  <span className={styles.listText}>
                    <span className="medium clip">{organisation.name}</span>
                    <span className={styles.listState}>
                      <StatusMark shape={consent.shape} tone={consent.tone} size={12} />
                      <span className="clip">{consent.words}</span>
                    </span>
                  </span>
                </Link>
              </li>
            );
          })}
        </ul>
      </div>
    </nav>
  );
}
