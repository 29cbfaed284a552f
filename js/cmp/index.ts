import { type Adapter, type Signal, UNDECIDED } from "./adapter";
import { vanillaCookieconsent } from "./vanilla-cookieconsent";

const adapters: readonly (() => Adapter)[] = [vanillaCookieconsent];

/**
 * Reads every platform now, after each choice and whenever the page comes back into view; `tell` gets what is new.
 * Returns the function that reads them again.
 */
export function listen(tell: (source: string, signal: string) => void): () => void {
  const readers = adapters.map((create) => {
    const adapter = create();
    let told: string | undefined;
    const read = () => {
      const text = JSON.stringify(readSafely(adapter));
      if (text === told || !text) return;
      told = text;
      tell(adapter.source, text);
    };
    adapter.watch(read);
    return read;
  });
  const readAll = () => {
    for (const read of readers) read();
  };
  addEventListener("pageshow", readAll);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") readAll();
  });
  readAll();
  return readAll;
}

/** A platform that throws has not said anything the visitor could have decided. */
function readSafely(adapter: Adapter): Signal | undefined {
  try {
    return adapter.read();
  } catch {
    return UNDECIDED;
  }
}
