import { setCookie } from "./cookies";
import { LEFT } from "./early";
import { ownKeys } from "./own-keys";

/** The database that has the journal's copy: see js/mirror.ts. */
export const copyOf = (space: string): string => `${space}journal`;

/**
 * Erases what waits outside of the core's own pages: that copy, and the calls of pages that no core came to. A copy that is `likely` there is asked
 * to go in this task, so that whatever opens it from here on finds it gone; else it is looked for first, since no visitor who has refused is to get a
 * database.
 */
export async function eraseUnsent(space: string, likely: unknown): Promise<void> {
  const name = copyOf(space);
  try {
    for (const key of ownKeys(space)) if (key.startsWith(space + LEFT)) localStorage.removeItem(key);
    if (likely || (await indexedDB.databases()).some((other) => other.name === name)) indexedDB.deleteDatabase(name);
  } catch {
    // Where there is no storage there is no copy.
  }
}

/** Deletes everything an instance ever wrote on this origin, for when there is no core to do it. */
export function erase(space: string): void {
  for (const key of ownKeys(space)) localStorage.removeItem(key);
  eraseUnsent(space, true);
  for (const name of ["anonymous_id", "user_id", "group_id"]) setCookie(space + name, "", 0);
}
