import type { Organisation } from "../host";

export function DirectorySyncBanner(_organisation: { organisation: Organisation }) {
  return null;
}
