import { neutralStats } from "../neutral";
import type { Decision } from "../tidegate.d.ts";
import type { Kit, Methods } from "./kit";

/** What became of the events. */
export function reportMethods(kit: Kit): Methods {
  const { link, errors, onFlushed } = kit;
  return {
    stats: () =>
      link.ask(
        (core) => {
          const stats = core.stats();
          const durability = stats.durability === "journal" && kit.isCopied?.() ? "journal+idb" : stats.durability;
          return { ...stats, durability, errors: { ...stats.errors, ...errors } };
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
