import type { Capture } from "./events";
import type { Kit, Methods } from "./kit";

/** Methods of `tidegate.segment.js`. The first few change what happens to the events that follow. */
const NAMES =
  "register deregister addSourceMiddleware addDestinationMiddleware addIntegrationMiddleware trackLink trackClick trackForm trackSubmit queryString pageview initialize init add addIntegration log listeners hasListeners addEventListener removeListener removeEventListener removeAllListeners";
const HOLDING = 4;

/** What analytics.js has beside the events: a script of its own, fetched at the first call of one of its methods. */
export function laterMethods(kit: Kit, capture: Capture): Methods {
  const waiting: (() => void)[] = [];
  let there: Methods | undefined;
  let asked = false;
  let pause = 500;

  const load = () => {
    kit.segment().then(
      (part) => {
        there = part.createSegment(kit, capture);
        for (const call of waiting.splice(0)) call();
      },
      (error) => {
        kit.report("script_failed", `${error.message} Events wait for it where plugins or middleware are to see them.`);
        // biome-ignore lint/suspicious/noAssignInExpressions: doubles.
        setTimeout(load, (pause *= 2));
      },
    );
  };

  return Object.fromEntries(
    NAMES.split(" ").map((name, at) => [
      name,
      (...args: unknown[]) => {
        if (at < HOLDING) kit.link.run((core) => core.hold());
        if (there) return there[name]?.(...args);
        if (!asked) load();
        asked = true;
        return new Promise((resolve) => waiting.push(() => resolve(there?.[name]?.(...args))));
      },
    ]),
  );
}
