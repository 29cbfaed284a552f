import { setCookie } from "./cookies";

/** What the names begin with that instances of other globals than `analytics` store. */
export const OTHERS = "tg_~";

/** A name as the core has it, beginning with `tg_`, as it is in storage. */
export const ownName = (space: string, name: string) => space + name.slice(3);

/** Keys of local storage that are an instance's; none where there is no storage. */
export function ownKeys(space: string): string[] {
  try {
    const isOwn = (key: string) => key.startsWith(space) && (space !== "tg_" || !key.startsWith(OTHERS));
    return Object.keys(localStorage).filter(isOwn);
  } catch {
    return [];
  }
}

/** Deletes everything an instance ever wrote on this origin, for when there is no core to do it. */
export function erase(space: string): void {
  for (const key of ownKeys(space)) localStorage.removeItem(key);
  setCookie(ownName(space, "tg_anonymous_id"), "", 0);
}
