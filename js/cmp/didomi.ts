import { type Adapter, UNDECIDED, UNHEARD } from "./adapter";
import { answer, isRecent, onFirstSight } from "./support";

/** https://developers.didomi.io/cmp/web-sdk/reference/api */
interface DidomiApi {
  getCurrentUserStatus(): {
    purposes: Record<string, { enabled?: boolean }>;
    regulation?: string;
    /** When the visitor chose last. */
    updated?: string | null;
  };
  /** Whether it has loaded its configuration. */
  isReady?(): boolean;
  shouldUserStatusBeCollected?(): boolean;
  shouldConsentBeCollected?(): boolean;
  on(event: string, call: () => void): void;
}

/** Didomi. Purposes nobody chose are listed too, as disabled; the essential ones as enabled. */
export function didomi(): Adapter {
  let tell = () => {};
  const subscribe = onFirstSight((api: DidomiApi) => api.on("consent.changed", () => tell()));
  const whenReady = onFirstSight((queue: { push(call: () => void): void }) => queue.push(() => tell()));

  return {
    source: "didomi",
    read() {
      const page = window as { Didomi?: Partial<DidomiApi>; didomiOnReady?: (() => void)[] };
      if (!page.Didomi && !page.didomiOnReady) return undefined;
      // Replaced by an object when the SDK is there; either calls back once it is ready.
      if (page.didomiOnReady) whenReady(page.didomiOnReady);
      const api = page.Didomi as DidomiApi;
      if (!api?.getCurrentUserStatus || !api.on) return UNHEARD;
      subscribe(api);
      if (api.isReady?.() === false) return UNHEARD;
      const { purposes, regulation, updated } = api.getCurrentUserStatus();
      const open = (api.shouldUserStatusBeCollected ?? api.shouldConsentBeCollected)?.call(api);
      const model = regulation === "gdpr" ? "opt-in" : null;
      if (open !== false || !updated || regulation === "none") return { ...UNDECIDED, model };
      if (!isRecent(updated)) return UNHEARD;
      return answer(Object.fromEntries(Object.entries(purposes).map(([id, { enabled }]) => [id, enabled])), model);
    },
    watch(changed) {
      tell = changed;
    },
  };
}
