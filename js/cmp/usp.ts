import type { Adapter } from "./adapter";
import { createQuestion, findApi } from "./iab";
import { cookie } from "./support";

/**
 * US Privacy: https://github.com/InteractiveAdvertisingBureau/USPrivacy (user signal API 1.0). It tells of no change, so every look asks. The
 * cookie is the standard's own way to say it where there is no API.
 */
export function usp(): Adapter {
  let tell = () => {};
  const question = createQuestion("getUSPData", () => tell());

  return {
    source: "usp",
    read() {
      const api = findApi("__uspapi", 1, (call, command, reply) => call(command, 1, reply));
      const stored = cookie("usprivacy");
      if (!api && stored === undefined) return undefined;
      const said = api ? (question.ask(api) as { uspString?: unknown } | null | undefined)?.uspString : stored;
      return said && typeof said === "string" ? { decided: true, usp: said } : { decided: false };
    },
    watch(changed) {
      tell = changed;
    },
  };
}
