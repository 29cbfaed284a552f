import { setCookie } from "./cookies";

/** What the names begin with that instances of other globals than `analytics` store. */
export const OTHERS = "tg_~";

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
  for (const name of ["anonymous_id", "user_id", "group_id"]) setCookie(space + name, "", 0);
}
