import type { Adapter, IabSignal } from "./adapter";
import { type Api, createQuestion, findApi } from "./iab";
import { onFirstSight } from "./support";

/** https://github.com/InteractiveAdvertisingBureau/GDPR-Transparency-and-Consent-Framework (CMP API v2). */
interface TcData {
  cmpStatus?: string;
  eventStatus?: string;
  gdprApplies?: boolean;
  tcString?: string;
}

const UNHEARD: IabSignal = { decided: false };

/**
 * The TCF. It is heard by a listener, which a stub keeps for the platform that replaces it, and which hears nothing of the platform's end: so it
 * is asked at each look whether it is still there.
 */
export function tcf(): Adapter {
  let tell = () => {};
  let heard: TcData | undefined;
  const ping = createQuestion("ping", () => tell());
  const subscribe = onFirstSight((_at: object, api: Api) => {
    heard = undefined;
    api.call("addEventListener", (data, success) => {
      heard = success === true ? (data as TcData) : undefined;
      tell();
    });
  });

  return {
    source: "tcf",
    read() {
      const api = findApi("__tcfapi", 2, (call, command, reply) => call(command, 2, reply));
      if (!api) return undefined;
      subscribe(api.at, api);
      const alive = ping.ask(api) as TcData | undefined;
      const { cmpStatus, eventStatus, gdprApplies, tcString } = heard ?? {};
      if (alive?.cmpStatus !== "loaded" || cmpStatus !== "loaded") return UNHEARD;
      if (gdprApplies === false) return { decided: true, applies: false };
      const answered = eventStatus === "tcloaded" || eventStatus === "useractioncomplete";
      return gdprApplies === true && answered && tcString && typeof tcString === "string"
        ? { decided: true, tcf: tcString }
        : UNHEARD;
    },
    watch(changed) {
      tell = changed;
    },
  };
}
