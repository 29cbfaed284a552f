import { setCookie } from "./cookies";

/** A name as the core has it, beginning with `tg_`, as it is in storage. */
export const ownName = (space: string, name: string) => space + name.slice(3);

/** Keys of local storage that are ours; none where there is no storage. */
export function ownKeys(space: string): string[] {
  try {
    return Object.keys(localStorage).filter((key) => key.startsWith(space));
  } catch {
    return [];
  }
}

/** Deletes everything this SDK ever wrote on this origin, for when there is no core to do it. */
export function erase(): void {
  for (const key of ownKeys("tg_")) localStorage.removeItem(key);
  setCookie("tg_anonymous_id", "", 0);
}
