import { type Adapter, UNDECIDED } from "./adapter";
import { findPlatforms } from "./finder";
import { vanillaCookieconsent } from "./vanilla-cookieconsent";

/** Gets what a platform says that was not told yet. */
export type Tell = (source: string, signal: string) => void;

/** Fetches the adapters that are a script of their own, `tidegate.cmp.js`. */
export type Load = () => Promise<typeof import("../cmp")>;

/** How long is looked for platforms by the clock, and tried for their script again, in milliseconds. */
const PATIENCE = 60_000;

/**
 * Reads every platform now, after each choice and at whatever may follow one; `tell` gets what is new.
 * Returns the function that reads them again, for another listener where it is given one.
 *
 * A platform's script may come at any time, and none says so in a way that others share. So it is looked for by a few timers, when the
 * page has loaded or comes back, before each send, and after each click: a visitor answers by one, however late the banner was.
 * A look is some 30 lookups of a global, and of the cookies.
 *
 * `wants` says whether the config listens to a platform: not before there is a config.
 */
export function listen(
  tell: Tell,
  wants: (source: string) => boolean,
  load: Load,
  report: (error: Error) => void,
): (other?: Tell) => void {
  const told: Record<string, string> = {};
  const adapters: Adapter[] = [];
  let listener = tell;
  let asked = false;
  let failed = false;

  const say = (source: string, text: string | undefined) => {
    if (!text || text === told[source]) return;
    told[source] = text;
    listener(source, text);
  };
  const read = (adapter: Adapter) => {
    let text: string | undefined = SILENCE;
    try {
      // Gone: whatever it said before, it says no more.
      text = JSON.stringify(adapter.read() ?? (told[adapter.source] && UNDECIDED));
    } catch {
      // A platform that throws has not said anything the visitor could have decided.
    }
    say(adapter.source, text);
  };
  const add = (adapter: Adapter) => {
    adapters.push(adapter);
    adapter.watch(() => read(adapter));
  };
  const found = (source: string) => {
    // At once, so that nothing is granted while its adapter is on the way.
    say(source, told[source] ?? SILENCE);
    if (asked || !wants(source)) return;
    asked = true;
    load().then(
      (script) => {
        script.createAdapters(wants).forEach(add);
        readAll();
      },
      (error) => {
        failed = true;
        report(error);
      },
    );
  };
  const readAll = (other = tell) => {
    listener = other;
    try {
      findPlatforms(found);
    } catch {
      // The page may have put anything in the way of its globals.
    }
    adapters.forEach(read);
    listener = tell;
  };
  const look = (pause: number) => {
    if (failed) asked = failed = false;
    readAll();
    if (pause < PATIENCE) setTimeout(look, pause, pause * 2);
  };

  add(vanillaCookieconsent());
  for (const event of ["pageshow", "visibilitychange", "click"]) addEventListener(event, () => readAll());
  look(500);
  return readAll;
}

const SILENCE = JSON.stringify(UNDECIDED);
