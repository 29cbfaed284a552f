import type { CoreLink } from "./core-link";
import { type EarlyCall, LEFT } from "./early";
import { createPageFacts } from "./facts";
import { ownKeys } from "./own-keys";

/** Hands the core what pages left behind whose own core had not come. */
export function takeUpLeft(link: CoreLink, space: string): void {
  for (const key of ownKeys(space))
    if (key.startsWith(space + LEFT))
      link.run((core) => {
        // Another tab may have been first.
        const calls = read(key);
        localStorage.removeItem(key);
        for (const [verb, args, wall, facts] of calls) {
          core.page(`${facts}`);
          core.call(Number(verb), `${args}`, Number(wall));
        }
        core.page(createPageFacts()());
        core.commit();
      });
}

/** Anybody may have written there. */
function read(key: string): EarlyCall[] {
  try {
    const calls: EarlyCall[] = JSON.parse(localStorage.getItem(key) ?? "");
    for (const [, , , facts] of calls) for (const line of facts.split("\n")) JSON.parse(line);
    return calls;
  } catch {
    return [];
  }
}
