/** What a page has in the place of what the browser has may throw: then it is null. */
export function attempt<T>(read: () => T): T | null {
  try {
    return read();
  } catch {
    return null;
  }
}
