/** Saves a report where the person says, as one of its two kinds. */
import { type ExportKind, host, type ReportFilter, type RunProgress, useAction } from "../../host";
import { counted } from "../../format/number";
import { fileStamp } from "../../format/time";
import { toast, toastFailure } from "../../ui";

const endings: Record<ExportKind, string> = { reimport: "for-reimport", spreadsheet: "for-spreadsheet" };

export function useExport(run: RunProgress) {
  const { run: write, busy } = useAction("runs.export", toastFailure);
  const save = async (kind: ExportKind, filter: ReportFilter) => {
    const path = await host().pickSavePath({ title: "Export report", name: `${run.name.replace(/[\\/:*?"<>|]+/g, "-")}-report-${endings[kind]}-${fileStamp(new Date())}.csv` });
    if (path === null) return;
    const saved = await write({ run: run.id, path, kind, filter });
    if (saved) toast({ tone: "ok", title: `Exported ${counted(saved.rows, "row")}`, detail: saved.path });
  };
  return { save, busy };
}
