import { type Adapter, UNDECIDED, UNHEARD } from "./adapter";
import { answer, both, cookie, type Flags, isRecent, onFirstSight } from "./support";

type Callbacks = Record<string, ((...args: unknown[]) => unknown) | undefined>;

/** https://www.iubenda.com/en/help/1205-how-to-configure-your-cookie-solution-advanced-guide */
interface Iubenda {
  csConfiguration?: { cookiePolicyId?: string | number; siteId?: string | number; callback?: Callbacks };
  cs?: { consent?: { purposes?: Flags } };
}

/** iubenda: a category is a purpose's number. Its global is there for its other products too. */
export function iubenda(): Adapter {
  let tell = () => {};
  // It has callbacks of the page alone: these go on being called.
  const subscribe = onFirstSight((callbacks: Callbacks) => {
    for (const name of ["onPreferenceExpressed", "onPreferenceExpressedOrNotNeeded"]) {
      const own = callbacks[name];
      callbacks[name] = function (this: unknown, ...args) {
        try {
          return own?.apply(this, args);
        } finally {
          tell();
        }
      };
    }
  });

  return {
    source: "iubenda",
    read() {
      const { csConfiguration: config, cs } = (window as { _iub?: Iubenda })._iub ?? {};
      if (!config) return undefined;
      config.callback ??= {};
      subscribe(config.callback);
      const record = cookie(`_iub_cs-${config.cookiePolicyId}`) ?? cookie(`_iub_cs-s${config.siteId}`);
      if (!cs) return UNHEARD;
      // Where it needs no answer it calls back with nothing, and stores nothing.
      if (!record) return UNDECIDED;
      const stored: { timestamp?: string; purposes?: Flags } = JSON.parse(record);
      // Its record is there and not read yet, or not to be read here: a refusal in it holds. A newcomer has none.
      if (!stored.timestamp || !stored.purposes || !cs.consent?.purposes) return UNHEARD;
      if (!isRecent(stored.timestamp)) return UNHEARD;
      return answer(both(cs.consent.purposes, stored.purposes));
    },
    watch(changed) {
      tell = changed;
    },
  };
}
