import { type Adapter, type Signal, UNDECIDED, UNHEARD } from "./adapter";
import { answer, type Flags, onEvents } from "./support";

/** Version 2: https://usercentrics.com/docs/web/features/v2/api_v2/ */
interface UserInterface {
  isInitialized(): boolean;
  isConsentRequired?(): boolean;
  getServicesBaseInfo(): Service[];
}

interface Service {
  id: string;
  categorySlug: string;
  isEssential?: boolean;
  consent: { status: boolean; history?: { type: string }[] };
}

/** Version 3: https://usercentrics.com/docs/web/features/api/interfaces/ */
interface Cmp {
  getConsentDetails(): Promise<Details>;
}

interface Details {
  consent: { type: "IMPLICIT" | "EXPLICIT"; required: boolean };
  services: Record<string, { consent?: { given: boolean } }>;
  categories: Record<string, { state: "ALL_ACCEPTED" | "ALL_DENIED" | "SOME_ACCEPTED" | "SOME_DENIED" }>;
}

/** Usercentrics. Categories and services have a say; of a category only all of its services accepted are a yes. */
export function usercentrics(): Adapter {
  let tell = () => {};
  /** What version 3 said of the record that was stored then: it answers later, and nothing is decided meanwhile. */
  let known: { record: string | null; details?: Details } | undefined;

  const ask = (api: Cmp) => {
    const asked: typeof known = { record: stored() };
    known = asked;
    api.getConsentDetails().then(
      (details) => {
        asked.details = details;
        tell();
      },
      () => {
        // The next look asks again.
        if (known === asked) known = undefined;
      },
    );
  };

  return {
    source: "usercentrics",
    read() {
      const page = window as { UC_UI?: Partial<UserInterface>; __ucCmp?: Partial<Cmp> };
      if (page.__ucCmp?.getConsentDetails) {
        if (known?.record !== stored() || !known) ask(page.__ucCmp as Cmp);
        if (!known?.details) return UNHEARD;
        return known.record ? fromDetails(known.details) : UNDECIDED;
      }
      if (!page.UC_UI) return undefined;
      const api = page.UC_UI as UserInterface;
      if (!page.UC_UI.getServicesBaseInfo || !api.isInitialized()) return UNHEARD;
      return api.isConsentRequired?.() ? UNDECIDED : fromServices(api.getServicesBaseInfo());
    },
    watch(changed) {
      tell = changed;
      onEvents(window, ["UC_UI_INITIALIZED", "UC_UI_CMP_EVENT", "UC_CONSENT"], (event) => {
        const detail = (event as CustomEvent<(Partial<Details> & { type?: string }) | null>).detail;
        // The dialog tells of its opening too.
        const chosen = /^(ACCEPT_ALL|DENY_ALL|SAVE)$/.test(detail?.type ?? "");
        if (event.type === "UC_CONSENT" && detail?.consent) known = { record: stored(), details: detail as Details };
        else if (chosen || !known?.details) known = undefined;
        changed();
      });
    },
  };
}

const stored = () => localStorage.getItem("ucData");

function fromDetails({ consent, services, categories }: Details): Signal {
  if (consent.type !== "EXPLICIT" || consent.required !== false) return UNDECIDED;
  const flags: Flags = {};
  for (const [id, { state }] of Object.entries(categories)) flags[id] = state === "ALL_ACCEPTED";
  for (const [id, service] of Object.entries(services)) flags[id] = service.consent?.given;
  return answer(flags);
}

function fromServices(services: Service[]): Signal {
  const flags: Flags = {};
  for (const { id, categorySlug, isEssential, consent } of services) {
    const explicit = /^explicit$/i.test(consent.history?.[consent.history.length - 1]?.type ?? "");
    if (!explicit && !isEssential) return UNDECIDED;
    flags[id] = consent.status;
    flags[categorySlug] = consent.status === true && flags[categorySlug] !== false;
  }
  return services.length > 0 ? answer(flags) : UNDECIDED;
}
