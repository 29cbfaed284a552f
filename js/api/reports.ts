import { neutralStats } from "../neutral";
import type { Decision } from "../tidegate.d.ts";
import type { Kit, Methods } from "./kit";

/** What became of the events. */
export function reportMethods({ link, errors, onFlushed }: Kit): Methods {
  return {
    stats: () =>
      link.ask(
        (core) => {
          const stats = core.stats();
          return { ...stats, errors: { ...errors, ...stats.errors } };
        },
        neutralStats({ ...errors }),
      ),
    explain: (messageId) =>
      link.ask((core) => core.explain(typeof messageId === "string" ? messageId : undefined), [] as Decision[]),
    flush: () =>
      new Promise<void>((resolve) => {
        onFlushed(resolve);
        link.run((core) => core.flush());
      }),
  };
}
