import { setCookie } from "./cookies";
import { ownKeys } from "./own-keys";

/** The database that has the journal's copy: see js/mirror.ts. */
export const copyOf = (space: string): string => `${space}journal`;

/** Erases that copy where the core has left its mark that a grant ended, or `always`. Until it is gone nobody reads it. */
export function eraseCopy(space: string, always?: boolean): void {
  const mark = `${space}purge`;
  try {
    if (always || localStorage.getItem(mark))
      indexedDB.deleteDatabase(copyOf(space)).onsuccess = () => localStorage.removeItem(mark);
  } catch {
    // Where there is no storage there is no copy.
  }
}

/** Deletes everything an instance ever wrote on this origin, for when there is no core to do it. */
export function erase(space: string): void {
  for (const key of ownKeys(space)) localStorage.removeItem(key);
  eraseCopy(space, true);
  for (const name of ["anonymous_id", "user_id", "group_id"]) setCookie(space + name, "", 0);
}
