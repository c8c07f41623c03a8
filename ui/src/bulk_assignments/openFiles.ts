/** A template made of files alone: for preparing them without an organisation or a connection. */
import { useNavigate } from "@tanstack/react-router";
import { type Failure, type FileSource, useAction } from "../host";

/** "manchester-wave-2" of "/home/x/manchester-wave-2.csv", on any system. */
export function templateName(file: FileSource): string {
  const name = file.kind === "path" ? (file.path.split(/[\\/]/).at(-1) ?? "") : file.name;
  return name.replace(/\.[^.]+$/, "") || name || "New template";
}

/** Makes the template, adds the files and opens the check; a file that cannot be read leaves a template to add another to. */
export function useOpenFiles(onFailure?: (failure: Failure) => void) {
  const navigate = useNavigate();
  const create = useAction("bulkAssignments.create", onFailure);
  const add = useAction("bulkAssignments.addFiles", onFailure);
  const open = async (files: FileSource[]) => {
    const first = files[0];
    if (first === undefined) return;
    const template = await create.run({ fields: { name: templateName(first), organisation: null, location: null, callingLicence: null, addOns: [] } });
    if (template === null) return;
    const check = await add.run({ template: template.id, files });
    await navigate({ to: check === null ? "/bulk/$template/upload" : "/bulk/$template/check", params: { template: template.id } });
  };
  return { open, busy: create.busy || add.busy, failure: create.failure ?? add.failure };
}
