import { type Adapter, type Signal, UNDECIDED, UNHEARD } from "./adapter";
import { answer, cookie, type Flags, onFirstSight } from "./support";

/**
 * https://docs.sourcepoint.com/hc/en-us/articles/4412176150035-Queue-event-callbacks, and for the US
 * https://sourcepoint-public-api.readme.io/reference/getuserconsents-1.
 */
interface Api {
  config?: { propertyId?: number | string };
  addEventListener?(event: string, call: () => void): void;
  usnat?: { getUserConsents(call: (choices: Choices, success?: boolean) => void): void };
}

/** https://docs.sourcepoint.com/hc/en-us/articles/4405387989011-Cookies-and-local-storage-Web. */
interface Stored {
  gdpr?: Gdpr;
  usnat?: Part;
  ccpa?: Part;
}

interface Part {
  applies?: boolean;
  expirationDate?: string;
  consentStatus?: {
    hasConsentData?: boolean;
    rejectedAny?: boolean;
    legalBasisChanges?: boolean;
    vendorListAdditions?: boolean;
    granularStatus?: { defaultConsent?: boolean } | null;
  };
}

/** Grants as in https://docs.sourcepoint.com/hc/en-us/articles/4405397717395-Vendor-grants-Web, and the IDs of what was consented to. */
interface Gdpr extends Part {
  grants: Record<string, { vendorGrant?: boolean; purposeGrants: Record<string, boolean> }>;
  categories: string[];
  vendors: string[];
  customVendorsResponse?: { consentedPurposes?: { _id: string; name: string }[] };
}

type Choices = Record<"categories" | "vendors", { _id: string; consented: boolean }[]>;

const RECORD = "_sp_user_consent_";

/**
 * Sourcepoint. Purposes, or in the US privacy choices, have a say by ID, and so have vendors; purposes by name too, where the record has it.
 * A purpose is accepted where no vendor's grant for it is missing. What holds by legitimate interest or as essential was not consented to.
 */
export function sourcepoint(): Adapter {
  let tell = () => {};
  /** What was chosen in the US, and the record that was stored when it was asked: the API may answer later. */
  let known: { record: string; choices?: Choices } | undefined;
  // Told at the start too, of whatever is stored.
  const subscribe = onFirstSight((api: Api) => api.addEventListener?.("onConsentReady", () => tell()));
  const whenReady = onFirstSight((queue: { push(call: () => void): void }) => queue.push(() => tell()));

  const ask = (usnat: NonNullable<Api["usnat"]>, record: string) => {
    const asked: typeof known = { record };
    let now = true;
    known = asked;
    usnat.getUserConsents((choices, success) => {
      if (success === false) return;
      asked.choices = choices;
      if (!now) tell();
    });
    now = false;
  };

  return {
    source: "sourcepoint",
    read() {
      const { _sp_: api, _sp_queue: queue } = window as { _sp_?: Api; _sp_queue?: { push(call: () => void): void } };
      if (!api?.config) return undefined;
      if (api.addEventListener) subscribe(api);
      else if (queue) whenReady(queue);
      const [key, another] = keysOf(api.config.propertyId);
      // Of several it is not known which is the page's, and one may hold an objection.
      if (another) return UNHEARD;
      const record = key && localStorage.getItem(key);
      // Before its script is there, no answer in the record is no word of the platform.
      const silence = (model: Signal["model"] = null) => (api.addEventListener ? { ...UNDECIDED, model } : UNHEARD);
      // Its server knows a visitor by this, and gives the record back.
      if (!record) return cookie("consentUUID") ? UNHEARD : silence();
      const { gdpr, usnat, ccpa }: Stored = JSON.parse(record);
      if (gdpr?.applies) return isAnswered(gdpr) && !isOutdated(gdpr) ? fromGrants(gdpr) : silence("opt-in");
      // It tells only what was rejected: the US Privacy API says more.
      if (!usnat?.applies) return ccpa?.applies ? UNHEARD : silence();
      if (!isAnswered(usnat)) return silence("opt-out");
      if (known?.record !== record) {
        // Not asked is not answered: the next look asks.
        if (!api.usnat) return UNHEARD;
        ask(api.usnat, record);
      }
      // Where silence is yes, an objection that is still on its way must not pass for silence.
      return known?.choices ? fromChoices(known.choices) : UNHEARD;
    },
    watch(changed) {
      tell = changed;
    },
  };
}

/** Of the record of the page's property; without its ID, of all records. */
function keysOf(property?: number | string): string[] {
  return property ? [RECORD + property] : Object.keys(localStorage).filter((key) => key.startsWith(RECORD));
}

/** Neither a default nor an answer that has ended. */
function isAnswered({ consentStatus = {}, expirationDate = "" }: Part): boolean {
  const { hasConsentData, rejectedAny, granularStatus } = consentStatus;
  const isDefault = granularStatus?.defaultConsent || !(hasConsentData === true || rejectedAny === true);
  return !isDefault && !(Date.parse(expirationDate) <= Date.now());
}

/** Asked for again, because its purposes or vendors changed. An objection stands all the same. */
const isOutdated = ({ consentStatus: status }: Part) => status?.legalBasisChanges || status?.vendorListAdditions;

function fromGrants({ grants, categories, vendors, customVendorsResponse }: Gdpr): Signal {
  const flags: Flags = {};
  for (const [vendor, { vendorGrant, purposeGrants }] of Object.entries(grants)) {
    flags[vendor] = vendorGrant === true && vendors.includes(vendor);
    for (const [purpose, granted] of Object.entries(purposeGrants))
      flags[purpose] = granted === true && flags[purpose] !== false && categories.includes(purpose);
  }
  for (const { _id, name } of customVendorsResponse?.consentedPurposes ?? []) flags[name] = flags[_id];
  return answer(flags, "opt-in");
}

function fromChoices({ categories, vendors }: Choices): Signal {
  return answer(
    Object.fromEntries([...categories, ...vendors].map(({ _id, consented }) => [_id, consented])),
    "opt-out",
  );
}
