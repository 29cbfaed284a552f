import type { CoreLink } from "./core-link";
import { LEFT, type LeftCalls } from "./early";
import { createPageFacts } from "./facts";
import { ownKeys } from "./own-keys";

const WHY = "at that time fewer destinations were allowed than now";

/** Hands the core what pages left behind whose own core had not come. */
export function takeUpLeft(link: CoreLink, space: string): void {
  for (const key of leftKeys(space))
    link.run((core) => {
      // Another tab may have been first.
      const [to, calls] = read(key);
      localStorage.removeItem(key);
      // The core judges a call by what is allowed now. What was denied then is to see none of it.
      if (!gateOf(space).every((id) => to.includes(id)))
        return (
          calls.length > 0 &&
          core.report("left_denied", `${calls.length} calls that a page left behind are given up: ${WHY}.`)
        );
      for (const [verb, args, wall, facts] of calls) {
        core.page(`${facts}`);
        core.call(Number(verb), `${args}`, Number(wall));
      }
      core.page(createPageFacts()());
      core.commit();
    });
}

/** A destination that is denied now was denied for what pages left behind. */
export function narrowLeft(space: string): void {
  for (const key of leftKeys(space)) {
    const [to, calls] = read(key);
    const allowed = gateOf(space);
    try {
      localStorage.setItem(key, JSON.stringify([to.filter((id) => allowed.includes(id)), calls]));
    } catch {
      localStorage.removeItem(key);
    }
  }
}

/** The destinations that consent allows, as the core has stored it last. */
export function gateOf(space: string): string[] {
  try {
    return JSON.parse(localStorage.getItem(`${space}gate`) ?? "").to ?? [];
  } catch {
    return [];
  }
}

const leftKeys = (space: string) => ownKeys(space).filter((key) => key.startsWith(space + LEFT));

/** Anybody may have written there. */
function read(key: string): LeftCalls {
  try {
    const [to, calls]: LeftCalls = JSON.parse(localStorage.getItem(key) ?? "");
    for (const [, , , facts] of calls) for (const line of facts.split("\n")) JSON.parse(line);
    return [to.map(String), calls];
  } catch {
    return [[], []];
  }
}
