import { Download } from "lucide-react";
import { counted } from "../format/number";
import { fileStamp } from "../format/time";
import { type ActivationColumn, type ActivationView, asFailure, type ExportKind, host, type Organisation, useAction } from "../host";
import { useShortcuts } from "../shell/page";
import { Menu, toast, toastFailure } from "../ui";

const ENDINGS: Record<ExportKind, string> = { reimport: "for-reimport", spreadsheet: "for-spreadsheet" };

/** Letters and digits of any script; the rest would not be welcome in every file system. */
function fileName(name: string): string {
  return name.replaceAll(/[^\p{L}\p{N}]+/gu, "-").replaceAll(/^-|-$/g, "").toLowerCase() || "organisation";
}

/** Saves what the view shows, in its order and with its columns. */
export function ActivationExport({ organisation, view, columns, total }: { organisation: Organisation; view: ActivationView; columns: readonly ActivationColumn[]; total: number }) {
  const write = useAction("activation.export", toastFailure);
  const save = async (kind: ExportKind) => {
    let path: string | null;
    try {
      path = await host().pickSavePath({ title: "Export activation", name: `activation-${fileName(organisation.name)}-${ENDINGS[kind]}-${fileStamp(new Date())}.csv` });
    } catch (thrown) {
      toastFailure(asFailure(thrown, "activation.export"));
      return;
    }
    if (path === null) return;
    const saved = await write.run({ organisation: organisation.id, path, view, columns: [...columns], kind });
    if (saved) toast({ tone: "ok", title: `Exported ${counted(saved.rows, "user")}`, detail: saved.path });
  };
  const off = total === 0 ? "No user is shown" : write.busy ? "An export is being written" : null;
  useShortcuts([{ keys: "E", label: "Export for a spreadsheet", run: () => void save("spreadsheet"), off }]);
  return (
    <Menu
      label="Export"
      icon={Download}
      keys="E"
      actions={[
        { id: "spreadsheet", label: "For a spreadsheet", detail: "No cell can be taken for a formula", disabledReason: off, onPress: () => void save("spreadsheet") },
        { id: "reimport", label: "For another program", detail: "Every value exactly as it is", disabledReason: off, onPress: () => void save("reimport") },
      ]}
    />
  );
}
