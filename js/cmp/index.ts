import type { Adapter } from "./adapter";
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
      const text = signalText(adapter);
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

/** As JSON. A platform that throws has not said anything the visitor could have decided. */
function signalText(adapter: Adapter): string | undefined {
  try {
    return JSON.stringify(adapter.read());
  } catch {
    return '{"decided":false,"accepted":[]}';
  }
}
