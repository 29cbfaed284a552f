import { insist } from "../insist";
import { findPlatforms } from "./finder";

/** Gets what a platform says that was not told yet. */
export type Tell = (source: string, signal: string) => void;

/** Fetches the adapters, `tidegate.cmp.js`. `attempt` is another number at each try: a browser may keep a failed import. */
export type Load = (attempt: number) => Promise<typeof import("../cmp")>;

/** While a platform's adapter has not come nothing was decided; nor where the platform throws, or is gone. */
export const SILENCE = '{"decided":false}';

/** How long is looked for platforms by the clock, in milliseconds. */
const PATIENCE = 60_000;

/**
 * Reads every platform now, after each choice and at whatever may follow one; `tell` gets what is new.
 * Returns the function that reads them again, for another listener where it is given one.
 *
 * A platform's script may come at any time, and none says so in a way that others share. So it is looked for by a few timers, when the
 * page has loaded or comes back, before each send, and after each click: a visitor answers by one, however late the banner was.
 * A look is some 40 lookups of a global, and of the cookies.
 *
 * `wants` says whether the config listens to a platform: not before there is a config.
 */
export function listen(
  tell: Tell,
  wants: (source: string) => boolean,
  load: Load,
  report: (code: string, message: string) => void,
): (other?: Tell) => void {
  const told: Record<string, string> = {};
  let asked = false;
  let heard: Event | undefined;
  let read: ((tell: Tell) => void) | undefined;

  const readAll = (other = tell) => {
    findPlatforms((source) => found(source, other));
    read?.(other);
  };
  const found = (source: string, listener: Tell) => {
    // At once, so that nothing is granted while its adapter is on the way.
    if (!told[source]) {
      told[source] = SILENCE;
      listener(source, SILENCE);
    }
    if (asked || !wants(source)) return;
    asked = true;
    insist(
      load,
      ({ createReader }) => {
        read = createReader(told, tell, wants, heard);
        readAll();
      },
      report,
    );
  };
  const look = (pause: number) => {
    readAll();
    if (pause < PATIENCE) setTimeout(look, pause, pause * 2);
  };

  for (const name of ["cc:onConsent", "cc:onChange", "pageshow", "visibilitychange", "click"])
    addEventListener(name, (event) => {
      // Where the page imports vanilla-cookieconsent as a module, nothing else tells of it.
      if (name[2] === ":") {
        heard = event;
        found("vanilla-cookieconsent", tell);
      }
      readAll();
    });
  look(500);
  return readAll;
}
