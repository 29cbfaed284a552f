/** Keys of local storage that are ours; none where there is no storage. */
export function ownKeys(): string[] {
  try {
    return Object.keys(localStorage).filter((key) => key.startsWith("tg_"));
  } catch {
    return [];
  }
}

/** Deletes everything this SDK ever wrote on this origin, for when there is no core to do it. */
export function erase(): void {
  for (const key of ownKeys()) localStorage.removeItem(key);
  try {
    // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is asynchronous, and not everywhere.
    document.cookie = "tg_anonymous_id=; Path=/; Max-Age=0";
  } catch {}
}
