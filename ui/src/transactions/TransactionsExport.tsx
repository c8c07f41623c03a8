import { Download } from "lucide-react";
import { counted } from "../format/number";
import { fileStamp } from "../format/time";
import { type ExportKind, host, type TransactionFilter, useAction } from "../host";
import { useShortcuts } from "../shell/page";
import { Menu, toast, toastFailure } from "../ui";

const ENDINGS: Record<ExportKind, string> = { reimport: "for-reimport", spreadsheet: "for-spreadsheet" };

/** Saves the transactions that are shown, as one of the two kinds of export. */
export function TransactionsExport({ filter, total }: { filter: TransactionFilter; total: number }) {
  const write = useAction("transactions.export", toastFailure);
  const save = async (kind: ExportKind) => {
    const path = await host().pickSavePath({ title: "Export transactions", name: `transactions-${ENDINGS[kind]}-${fileStamp(new Date())}.csv` });
    if (path === null) return;
    const saved = await write.run({ path, filter, kind });
    if (saved) toast({ tone: "ok", title: `Exported ${counted(saved.rows, "transaction")}`, detail: saved.path });
  };
  useShortcuts([{ keys: "E", label: "Export for a spreadsheet", run: () => void save("spreadsheet"), off: total === 0 ? "No transaction is shown" : null }]);
  const off = total === 0 ? "No transaction is shown" : write.busy ? "An export is being written" : null;
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
