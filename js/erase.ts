import { setCookie } from "./cookies";
import { ownKeys } from "./own-keys";

/** The database that has the journal's copy: see js/mirror.ts. */
export const copyOf = (space: string): string => `${space}journal`;

/** Erases that copy. Until it is gone the core's mark keeps everybody from reading it. Where there is none, none is made. */
export async function eraseCopy(space: string): Promise<void> {
  try {
    const all = await indexedDB.databases();
    const erased = () => localStorage.removeItem(`${space}purge`);
    if (all.some(({ name }) => name === copyOf(space))) indexedDB.deleteDatabase(copyOf(space)).onsuccess = erased;
    else erased();
  } catch {
    // Where there is no storage there is no copy.
  }
}

/** Deletes everything an instance ever wrote on this origin, for when there is no core to do it. */
export function erase(space: string): void {
  for (const key of ownKeys(space)) localStorage.removeItem(key);
  eraseCopy(space);
  for (const name of ["anonymous_id", "user_id", "group_id"]) setCookie(space + name, "", 0);
}
