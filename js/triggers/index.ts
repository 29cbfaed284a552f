// The browser's side of triggers: what is seen on the page, for the core to judge. The language: src/core/tags/README.md.

import { attempt } from "../attempt";
import { clicks } from "./click";
import { elementFacts } from "./element";
import { errors } from "./error";
import type { Family, Saw, Trigger } from "./family";
import { forms } from "./form";
import { histories } from "./history";
import { media } from "./media";
import { PAGE, page } from "./page";
import { scrolls } from "./scroll";
import { timers } from "./timer";
import { visibility } from "./visibility";

export interface Wanted {
  /** Each with its own members, as the config has them. Kinds that are not seen on the page are nothing here. */
  triggers: Trigger[];
  /** What elements are matched against. */
  selectors: string[];
}

/** The page's own come last: what they tell may change what is wanted. */
const FAMILIES: [string[], Family<never>][] = [
  [["click"], clicks],
  [["form-submit"], forms],
  [["visibility"], visibility],
  [["timer"], timers],
  [["history"], histories],
  [["error"], errors],
  [["media"], media],
  [["scroll"], scrolls],
  [PAGE, page],
];

/**
 * Watches the page for the triggers that `listen` was given last, and tells what was seen, with the triggers it is for. For those that were there
 * before everything goes on; of those that are no longer there nothing stays on the page.
 */
export function createTriggers(saw: Saw): { listen(wanted: Wanted): void } {
  let current: Wanted = { triggers: [], selectors: [] };

  const tell: Saw = (kind, facts, triggers) => {
    // What is told may change what is wanted, in the midst of an event.
    const wanted = triggers.filter((at) => current.triggers.some((trigger) => trigger.at === at));
    if (wanted.length) attempt(() => saw(kind, facts, wanted));
  };
  const describe = (element: Element) => elementFacts(element, current.selectors);
  const families = FAMILIES.map(([kinds, create]) => ({ kinds, listen: create(tell, describe) }));

  return {
    listen(wanted) {
      current = wanted;
      for (const { kinds, listen } of families)
        if (current === wanted)
          attempt(() => listen(wanted.triggers.filter(({ kind }) => kinds.includes(kind)) as never[]));
    },
  };
}
