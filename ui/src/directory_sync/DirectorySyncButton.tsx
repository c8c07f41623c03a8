import type { Organisation } from "../host";
export function DirectorySyncButton(_: { organisation: Organisation }) {
  return null;
}
