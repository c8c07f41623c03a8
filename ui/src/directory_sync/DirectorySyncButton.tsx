import type { Organisation } from "../host";

export function DirectorySyncButton(_organisation: { organisation: Organisation }) {
  return null;
}
