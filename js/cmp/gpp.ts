import { type Adapter, UNHEARD } from "./adapter";
import { type Api, createQuestion, findApi } from "./iab";
import { onFirstSight } from "./support";

/** https://github.com/InteractiveAdvertisingBureau/Global-Privacy-Platform (CMP API 1.1). */
interface PingData {
  applicableSections?: unknown;
  gppString?: unknown;
  signalStatus?: string;
}

/** The GPP. What it says may be used while it is `ready`, and no longer. */
export function gpp(): Adapter {
  let tell = () => {};
  const ping = createQuestion("ping", () => tell());
  const subscribe = onFirstSight((_at: object, api: Api) => {
    api.call("addEventListener", (event) => {
      ping.take((event as { pingData?: PingData } | null)?.pingData);
      tell();
      return true;
    });
  });

  return {
    source: "gpp",
    read() {
      const api = findApi("__gpp", "1.1", (call, command, ...given) => call(command, ...given));
      if (!api) return undefined;
      subscribe(api.at, api);
      const { applicableSections, gppString, signalStatus } = (ping.ask(api) as PingData | null | undefined) ?? {};
      return signalStatus === "ready" && typeof gppString === "string" && isNumbers(applicableSections)
        ? { decided: true, gpp: gppString, applicable: applicableSections }
        : UNHEARD;
    },
    watch(changed) {
      tell = changed;
    },
  };
}

const isNumbers = (value: unknown): value is number[] => Array.isArray(value) && value.every(Number.isInteger);
