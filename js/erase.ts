/** Deletes everything this SDK ever wrote on this origin, for when there is no core to do it. */
export function erase(): void {
  try {
    for (const key of Object.keys(localStorage)) if (key.startsWith("tg_")) localStorage.removeItem(key);
  } catch {}
  try {
    // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is asynchronous, and not everywhere.
    document.cookie = "tg_anonymous_id=; Path=/; Max-Age=0";
  } catch {}
}
