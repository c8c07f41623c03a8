import { ArrowDownUp, Lock } from "lucide-react";
import type { Organisation } from "../host";
import { Button } from "../ui";
import { DirectorySyncDialog } from "./DirectorySyncDialog";
import { othersRun, useDirectorySync, useFollowOthers, useShownEnterprise } from "./useDirectorySync";
import { gateOff } from "./words";

/**
 * Opens the dialog of directory synchronisation. Off, with the reason, while none can be asked for of any enterprise:
 * then the banner of the page says more and leads to the dialog. `alone`: there is no such banner, so it stays on.
 */
export function DirectorySyncButton({ organisation, alone = false }: { organisation: Organisation; alone?: boolean }) {
  const { data, now } = useDirectorySync(organisation);
  const [shown, show] = useShownEnterprise();
  useFollowOthers(organisation.id, othersRun(data));
  const closed = !alone && data?.availability.state === "available" && data.availability.trigger && data.enterprises.length > 0 && data.enterprises.every(({ gate }) => gate.state === "held" || gate.state === "queued" || gate.state === "running");
  const [first] = data?.enterprises ?? [];
  const off = closed && first ? (data.enterprises.length === 1 ? gateOff(first.gate, now) : `All ${data.enterprises.length} enterprises are held or under way.`) : null;
  return (
    <>
      <Button icon={off === null ? ArrowDownUp : Lock} disabledReason={off} onPress={() => show("all")}>
        {off === null ? "Directory Sync…" : "Directory Sync"}
      </Button>
      {shown === undefined ? null : <DirectorySyncDialog organisation={organisation} shown={shown} onClose={() => show(undefined)} />}
    </>
  );
}
