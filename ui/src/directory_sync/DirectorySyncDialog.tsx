// Directory synchronisation of all enterprises of an organisation: how each stands, asking for it, switching it on.

import { useNavigate } from "@tanstack/react-router";
import { ArrowDownUp } from "lucide-react";
import { type ReactNode, useMemo, useState } from "react";
import { count, counted } from "../format/number";
import { moment } from "../format/time";
import { type DirectorySync, type Enterprise, learn, type Organisation, useAction } from "../host";
import { syncOff } from "../organisations/syncOff";
import { Banner, Button, Checkbox, ConfirmDialog, Dialog, FailureNote, Freshness, Loading, SearchField, toast } from "../ui";
import { unavailable } from "./availability";
import styles from "./DirectorySync.module.css";
import { EnterpriseItem } from "./EnterpriseItem";
import { useDirectorySync } from "./useDirectorySync";
import { at, clockText, gateOff } from "./words";

/** With more than these a search is offered. */
const SEARCHED_FROM = 8;

interface DirectorySyncDialogProps {
  organisation: Organisation;
  /** `all`, or the id of the enterprise that is shown opened. */
  shown: string;
  onClose: () => void;
}

const names = (enterprises: readonly Enterprise[]) => (enterprises.length <= 3 ? enterprises.map((one) => one.spEnterpriseId).join(", ") : counted(enterprises.length, "enterprise"));

/** Asks before one is started within 24 hours of one that this desktop did not ask for. */
function AskFirst({ asking, rest, now, busy, onConfirm, onClose, children }: { asking: readonly Enterprise[]; rest: number; now: Date; busy: boolean; onConfirm: () => void; onClose: () => void; children: ReactNode }) {
  return (
    <ConfirmDialog
      title={asking.length === 1 ? `Start another Directory Sync of ${asking[0]?.spEnterpriseId}?` : `Start another Directory Sync of ${counted(asking.length, "enterprise")}?`}
      consequences={[
        ...asking.flatMap((one) => {
          if (one.gate.state !== "ask") return [];
          if (one.gate.askedAt !== null) return [`One of ${one.spEnterpriseId} was asked for ${at(one.gate.askedAt, now)}, and what became of it is not known: Webex may still carry it out, and would then do another one after it.`];
          return [`The last one of ${one.spEnterpriseId} ended${one.gate.endedAt === null ? "" : ` ${at(one.gate.endedAt, now)}`}. This desktop did not ask for it: another administrator, or Webex itself, did.`];
        }),
        ...(asking.some((one) => one.gate.state === "ask" && one.gate.askedAt === null) ? ["If an administrator asked for it, it is held for 24 hours after its end, and Webex may refuse another one. If Webex started it by itself, nothing is held."] : []),
        ...(rest > 0 ? [`${counted(rest, "more enterprise")} that can be asked for without a question ${rest === 1 ? "is" : "are"} started with ${asking.length === 1 ? "it" : "them"}.`] : []),
        "After the end of this one the next is held for 24 hours.",
      ]}
      action="Start Directory Sync"
      safe="Do not start"
      destructive={false}
      busy={busy}
      onConfirm={onConfirm}
      onClose={onClose}
    >
      {children}
    </ConfirmDialog>
  );
}

function Unavailable({ data, organisation, onRefresh }: { data: DirectorySync; organisation: Organisation; onRefresh: () => void }) {
  const navigate = useNavigate();
  const why = unavailable(data.availability, organisation);
  if (why === null) return null;
  const open = (connect: boolean) => void navigate({ to: "/organisations/$organisation", params: { organisation: organisation.id }, search: connect ? { connect: true } : {} });
  return (
    <Banner
      tone={data.availability.state === "refused" ? "bad" : data.availability.state === "permission_missing" || data.availability.state === "available" ? "warn" : "info"}
      title={why.title}
      actions={
        why.way === "refresh" ? (
          <Button disabledReason={syncOff(organisation)} onPress={onRefresh}>
            Read enterprises
          </Button>
        ) : (
          <Button onPress={() => open(why.way === "connect")}>{why.way === "connect" ? "Connect to Webex…" : "Open the organisation"}</Button>
        )
      }
    >
      {why.text}
    </Banner>
  );
}

export function DirectorySyncDialog({ organisation, shown, onClose }: DirectorySyncDialogProps) {
  const { data, error, refetch, now, since } = useDirectorySync(organisation);
  const refreshing = useAction("directorySync.refresh");
  const trigger = useAction("directorySync.trigger");
  const enable = useAction("directorySync.enable");
  const [chosen, setChosen] = useState<ReadonlySet<string>>(() => new Set(shown === "all" ? [] : [shown]));
  const [opened, setOpened] = useState<ReadonlySet<string>>(() => new Set(shown === "all" ? [] : [shown]));
  const [question, setQuestion] = useState<"ask" | { enable: Enterprise } | null>(null);
  const [search, setSearch] = useState("");

  const enterprises = useMemo(() => data?.enterprises ?? [], [data]);
  const wanted = search.trim().toLocaleLowerCase();
  const listed = enterprises.filter((one) => one.spEnterpriseId.toLocaleLowerCase().includes(wanted));
  const one = enterprises.length === 1;
  const available = data?.availability.state === "available" ? data.availability : null;
  const may = available?.trigger ?? false;
  const off = syncOff(organisation);
  const meant = enterprises.filter((each) => (one || chosen.has(each.id)) && gateOff(each.gate, now) === null);
  const asking = meant.filter((each) => each.gate.state === "ask");
  const ready = listed.filter((each) => gateOff(each.gate, now) === null);
  const allChosen = ready.length > 0 && ready.every((each) => chosen.has(each.id));

  const refresh = async () => {
    const reply = await refreshing.run({ organisation: organisation.id });
    if (reply) learn("directorySync.get", { organisation: organisation.id }, reply);
  };
  const start = async (confirmed: boolean) => {
    const begun = await trigger.run({ organisation: organisation.id, enterprises: meant.map((each) => each.id), confirmed });
    if (begun === null) return;
    setQuestion(null);
    setChosen(new Set());
    toast({ tone: "ok", title: `Directory Sync of ${names(meant)} asked for`, detail: "Webex puts it into its queue; Patchbay follows it to its end." });
  };
  const switchOn = async (enterprise: Enterprise) => {
    const reply = await enable.run({ organisation: organisation.id, enterprise: enterprise.id });
    if (reply === null) return;
    learn("directorySync.get", { organisation: organisation.id }, reply);
    setQuestion(null);
    toast({ tone: "ok", title: `Directory synchronisation of ${enterprise.spEnterpriseId} is on` });
  };
  const [only] = enterprises;
  const whyNot = !may
    ? available === null
      ? ((data && unavailable(data.availability, organisation)?.title) ?? "Its state has not been read yet.")
      : "The consent does not allow it; see above."
    : off !== null
      ? off
      : one && only
        ? gateOff(only.gate, now)
        : meant.length === 0
          ? enterprises.some((each) => gateOff(each.gate, now) === null)
            ? "Choose the enterprises first."
            : "None of the enterprises can be asked for now; each says why."
          : null;
  const choose = (ids: readonly string[], on: boolean) => {
    const next = new Set(chosen);
    for (const id of ids) {
      if (on) next.add(id);
      else next.delete(id);
    }
    setChosen(next);
  };
  const unfold = (id: string, open: boolean) => {
    const next = new Set(opened);
    if (open) next.add(id);
    else next.delete(id);
    setOpened(next);
  };
  const clock = data ? clockText(data.clockAheadSeconds) : null;

  return (
    <Dialog
      title={`Directory Sync of ${organisation.name}`}
      size="huge"
      onClose={onClose}
      actions={
        enterprises.length > 0 ? (
          <>
            {one ? null : <span className={`cap ${styles.chosen}`}>{meant.length === 0 ? "None chosen" : `${counted(meant.length, "enterprise")} chosen`}</span>}
            <Button onPress={onClose}>Close</Button>
            <Button kind="primary" icon={ArrowDownUp} busy={trigger.busy} disabledReason={whyNot} onPress={() => (asking.length > 0 ? setQuestion("ask") : void start(false))}>
              {meant.length > 1 ? `Start Directory Sync of ${count(meant.length)}${asking.length > 0 ? "…" : ""}` : `Start Directory Sync${asking.length > 0 ? "…" : ""}`}
            </Button>
          </>
        ) : null
      }
    >
      <div className={styles.top}>
        <p>Webex brings the users, machines and contacts of BroadWorks into its directory. It does so by itself at least every seven days; here it is asked to do it now.</p>
        {data ? <Freshness asOf={data.asOf} label="Read the state from Webex" busy={refreshing.busy} disabledReason={off} onRefresh={() => void refresh()} /> : null}
      </div>
      {error ? <FailureNote failure={error} organisation={organisation.id} onRetry={() => void refetch()} /> : data === undefined ? <Loading what="directory synchronisation" /> : null}
      {refreshing.failure ? <FailureNote failure={refreshing.failure} organisation={organisation.id} onRetry={() => void refresh()} /> : null}
      {trigger.failure && question === null ? <FailureNote failure={trigger.failure} organisation={organisation.id} /> : null}
      {data ? <Unavailable data={data} organisation={organisation} onRefresh={() => void refresh()} /> : null}
      {clock === null ? null : <p className="t-warn">{clock}</p>}
      {enterprises.length > SEARCHED_FROM ? <SearchField label="Search enterprises" placeholder="Service provider, enterprise" wide value={search} onChange={setSearch} /> : null}
      {one || ready.length === 0 ? null : (
        <Checkbox label={`Choose all that can be asked for (${ready.length} of ${listed.length})`} checked={allChosen} onChange={(event) => choose(ready.map((each) => each.id), event.target.checked)} />
      )}
      <ul className={styles.enterprises} aria-label="Enterprises">
        {listed.map((enterprise) => (
          <EnterpriseItem
            key={enterprise.id}
            enterprise={enterprise}
            now={now}
            since={since}
            choice={one ? null : { chosen: chosen.has(enterprise.id) && gateOff(enterprise.gate, now) === null, off: gateOff(enterprise.gate, now), onChoose: (on) => choose([enterprise.id], on) }}
            open={one || opened.has(enterprise.id)}
            onOpen={one ? null : (open) => unfold(enterprise.id, open)}
            onEnable={may && off === null ? () => setQuestion({ enable: enterprise }) : null}
          />
        ))}
      </ul>
      {enterprises.length > 0 && listed.length === 0 ? <p>No enterprise has “{search.trim()}” in its name.</p> : null}
      {question === "ask" ? (
        <AskFirst
          asking={asking}
          rest={meant.length - asking.length}
          now={now}
          busy={trigger.busy}
          onConfirm={() => void start(true)}
          onClose={() => {
            trigger.reset();
            setQuestion(null);
          }}
        >
          {trigger.failure ? <FailureNote failure={trigger.failure} organisation={organisation.id} /> : null}
        </AskFirst>
      ) : question ? (
        <ConfirmDialog
          title={`Switch directory synchronisation of ${question.enable.spEnterpriseId} on?`}
          consequences={[
            "Webex begins to keep the users, machines and contacts of this enterprise in step with BroadWorks, at least every seven days.",
            "Patchbay does not start a synchronisation with it; ask for one afterwards if you do not want to wait.",
            "Patchbay cannot switch it off again.",
          ]}
          action="Switch it on"
          safe="Leave it off"
          destructive={false}
          busy={enable.busy}
          onConfirm={() => void switchOn(question.enable)}
          onClose={() => {
            enable.reset();
            setQuestion(null);
          }}
        >
          {enable.failure ? <FailureNote failure={enable.failure} organisation={organisation.id} /> : null}
        </ConfirmDialog>
      ) : null}
      {data && data.enterprises.length > 0 && data.asOf !== null && data.availability.state !== "available" ? <p className="cap">What was read {moment(data.asOf, now)} is shown.</p> : null}
    </Dialog>
  );
}
