/** What was thrown, as a sentence. Page code can throw anything, so even reading it may fail. */
export function describe(error: unknown): string {
  try {
    return sentence(String((error as { message?: unknown } | null)?.message ?? error));
  } catch {
    return "an unreadable error.";
  }
}

/** A text with a full stop at its end. */
export const sentence = (text: string) => text.replace(/[.\s]*$/, ".");
