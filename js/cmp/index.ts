import { type Adapter, type Signal, UNDECIDED } from "./adapter";
import { vanillaCookieconsent } from "./vanilla-cookieconsent";

const adapters: readonly (() => Adapter)[] = [vanillaCookieconsent];

/** Gets what a platform says that was not told yet. */
export type Tell = (source: string, signal: string) => void;

/**
 * Reads every platform now, after each choice and whenever the page comes back into view; `tell` gets what is new.
 * Returns the function that reads them again, for another listener where it is given one.
 */
export function listen(tell: Tell): (other?: Tell) => void {
  const readers = adapters.map((create) => {
    const adapter = create();
    let told: string | undefined;
    const read = (tell: Tell) => {
      const text = JSON.stringify(readSafely(adapter));
      if (text === told || !text) return;
      told = text;
      tell(adapter.source, text);
    };
    adapter.watch(() => read(tell));
    return read;
  });
  const readAll = (other = tell) => {
    for (const read of readers) read(other);
  };
  addEventListener("pageshow", () => readAll());
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
