import { type Adapter, type IabSignal, type Signal, UNDECIDED, UNHEARD } from "./adapter";
import { isRecent } from "./support";

/** The part of the API that is read here: https://cookieconsent.orestbida.com/reference/api-reference.html */
interface CookieConsentApi {
  getCookie(): Partial<Decision>;
  /** Everything but the defaults is undefined until `run()`, and again after `reset()`. */
  getConfig(field: "categories"): Record<string, unknown> | undefined;
  getConfig(field: "mode"): "opt-in" | "opt-out";
  getConfig(field: "revision"): number | undefined;
}

/** What the platform stores, as JSON in a cookie or in local storage. */
interface Decision {
  categories: string[];
  consentId: string;
  consentTimestamp: string;
  lastConsentTimestamp: string;
  /** Milliseconds since the Unix epoch. */
  expirationTime: number;
  revision: number;
}

/**
 * vanilla-cookieconsent 3. The stored decision is read, not the library's memory: another tab may have changed it, and
 * `reset(true)` erases it without an event. A page that imports the library as a module has no `window.CookieConsent`;
 * there its events tell, and `earlier` is the last one before this adapter came.
 */
export function vanillaCookieconsent(earlier?: Event): Adapter {
  let heard = earlier && decisionIn(earlier);
  let inCookie = false;

  return {
    source: "vanilla-cookieconsent",
    read() {
      const api = (window as { CookieConsent?: Partial<CookieConsentApi> }).CookieConsent;
      // Cookiebot has a global of the same name.
      if (api?.getCookie && api.getConfig) return fromApi(api as CookieConsentApi);
      if (!heard) return undefined;
      const stored = cookieWith(heard.consentId);
      if (!stored && inCookie) return UNDECIDED;
      inCookie = !!stored;
      return signal(stored ?? heard);
    },
    watch(changed) {
      // The first consent is told as cc:onFirstConsent and at once as cc:onConsent too.
      for (const name of ["cc:onConsent", "cc:onChange"])
        addEventListener(name, (event) => {
          heard = decisionIn(event);
          inCookie = false;
          changed();
        });
    },
  };
}

const decisionIn = (event: Event) => (event as CustomEvent<{ cookie?: Partial<Decision> } | null>).detail?.cookie;

function fromApi(api: CookieConsentApi): Signal | IabSignal {
  const categories = api.getConfig("categories");
  if (!categories) return UNHEARD;
  return signal(api.getCookie(), Object.keys(categories), api.getConfig("mode"), api.getConfig("revision"));
}

/** Without a complete, current record nothing was decided: what the library lists then are its defaults. */
function signal(
  { categories, consentId, consentTimestamp, lastConsentTimestamp, expirationTime, revision }: Partial<Decision>,
  known: readonly string[] = [],
  model: Signal["model"] = null,
  wanted?: number,
): Signal | IabSignal {
  const decided =
    !!(categories && consentId && consentTimestamp && lastConsentTimestamp) &&
    !(expirationTime && expirationTime < Date.now()) &&
    (wanted === undefined || wanted === revision);
  if (!decided) return { ...UNDECIDED, model };
  if (!isRecent(lastConsentTimestamp)) return UNHEARD;
  const rejected = known.filter((category) => !categories.includes(category));
  return { decided, accepted: categories, rejected, model, revision: revision ?? null };
}

/** The record of that decision in a cookie of whatever name. */
function cookieWith(consentId: string | undefined): Partial<Decision> | undefined {
  const cookie = consentId && document.cookie.split("; ").find((cookie) => cookie.includes(consentId));
  return cookie ? JSON.parse(decodeURIComponent(cookie.slice(cookie.indexOf("=") + 1))) : undefined;
}
