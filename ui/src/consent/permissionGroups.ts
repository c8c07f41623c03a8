// Permissions by the part of Patchbay they switch on. Pure.

import type { Permission } from "../host/generated";

export interface PermissionGroup {
  /** Empty where the core names no part. */
  name: string;
  permissions: Permission[];
}

/** In the order in which the core names them; nothing is left out. */
export function permissionGroups(permissions: readonly Permission[]): PermissionGroup[] {
  const groups = new Map<string, Permission[]>();
  for (const one of permissions) groups.set(one.group, [...(groups.get(one.group) ?? []), one]);
  return [...groups].map(([name, of]) => ({ name, permissions: of }));
}
