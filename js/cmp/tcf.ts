import { type Adapter, type IabSignal, UNHEARD } from "./adapter";
import { type Api, createQuestion, findApi } from "./iab";
import { onFirstSight } from "./support";

/** https://github.com/InteractiveAdvertisingBureau/GDPR-Transparency-and-Consent-Framework (CMP API v2). */
interface TcData {
  cmpStatus?: string;
  eventStatus?: string;
  gdprApplies?: boolean;
  listenerId?: unknown;
  tcString?: unknown;
}

/**
 * The TCF. It is heard by a listener, which a stub keeps for the platform that replaces it, and which hears nothing of the platform's end: so it
 * is asked at each look whether it is still there. The IAB's stub hands a frame only the first answer to a message; there each look asks what a
 * new listener is told, too.
 */
export function tcf(): Adapter {
  let tell = () => {};
  /** What was answered last. */
  let answer: (IabSignal & { tcf: string }) | undefined;
  const ping = createQuestion("ping", () => tell());
  const data = createQuestion(
    "addEventListener",
    () => tell(),
    (api, told) => api.call("removeEventListener", () => {}, (told as TcData | undefined)?.listenerId),
  );
  const subscribe = onFirstSight((_at: object, api: Api) => {
    data.take(undefined);
    api.call("addEventListener", (told, success) => {
      data.take(success === true ? told : undefined);
      tell();
      return true;
    });
  });

  return {
    source: "tcf",
    read() {
      const api = findApi("__tcfapi", 2, (call, command, ...given) => call(command, 2, ...given));
      if (!api) return undefined;
      subscribe(api.at, api);
      const isLoaded = (ping.ask(api) as TcData | null | undefined)?.cmpStatus === "loaded";
      const told = isLoaded && (api.isFar ? data.ask(api) : data.last());
      const { cmpStatus, eventStatus, gdprApplies, tcString } = (told || {}) as TcData;
      if (cmpStatus !== "loaded") return UNHEARD;
      if (gdprApplies === false) return { decided: true, applies: false };
      if (gdprApplies !== true || !tcString || typeof tcString !== "string") return UNHEARD;
      // A dialog that is opened again changes nothing yet.
      if (eventStatus === "cmpuishown") return answer?.tcf === tcString ? answer : UNHEARD;
      if (eventStatus !== "tcloaded" && eventStatus !== "useractioncomplete") return UNHEARD;
      answer = { decided: true, tcf: tcString };
      return answer;
    },
    watch(changed) {
      tell = changed;
    },
  };
}
