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
