import { type Adapter, PAUSED, UNHEARD } from "./adapter";
import { type Api, createQuestion, findApi } from "./iab";
import { onFirstSight } from "./support";

/** https://github.com/InteractiveAdvertisingBureau/Global-Privacy-Platform (CMP API 1.1). */
interface PingData {
  applicableSections?: unknown;
  cmpStatus?: string;
  gppString?: unknown;
  signalStatus?: string;
}

/** The GPP. What it says may be used while it is `ready`; what it said last is kept while its dialog is open. */
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
      const said = (ping.ask(api) as PingData | null | undefined) ?? {};
      const { applicableSections, cmpStatus, gppString, signalStatus } = said;
      if (signalStatus === "ready" && typeof gppString === "string" && isNumbers(applicableSections))
        return { decided: true, gpp: gppString, applicable: applicableSections };
      return signalStatus === "not ready" && cmpStatus !== "error" ? PAUSED : UNHEARD;
    },
    watch(changed) {
      tell = changed;
    },
  };
}

const isNumbers = (value: unknown): value is number[] => Array.isArray(value) && value.every(Number.isInteger);
