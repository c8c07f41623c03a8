import type { Organisation } from "../host";
export function DirectorySyncBanner(_: { organisation: Organisation }) {
  return null;
}
