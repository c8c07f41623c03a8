import { Download } from "lucide-react";
import { counted } from "../format/number";
import { host, useAction } from "../host";
import { Button, toast, toastFailure } from "../ui";

/** Saves the append-only log of who did what, whole; its chain of hashes is checked on the way. */
export function AuditExport() {
  const write = useAction("audit.export", toastFailure);
  const save = async () => {
    const path = await host().pickSavePath({ title: "Export audit log", name: "patchbay-audit.jsonl" });
    if (path === null) return;
    const saved = await write.run({ path });
    if (saved === null) return;
    if (saved.intact) toast({ tone: "ok", title: `Exported ${counted(saved.entries, "entry", "entries")}; none was changed`, detail: saved.path });
    else toast({ tone: "bad", title: "The audit log was changed from outside", detail: `${saved.broken ?? "Its entries do not fit each other."} All ${counted(saved.entries, "entry", "entries")} were saved to ${saved.path}.` });
  };
  return (
    <Button icon={Download} busy={write.busy} onPress={() => void save()}>
      Export audit log…
    </Button>
  );
}
