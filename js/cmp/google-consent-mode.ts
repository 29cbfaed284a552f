import { type Adapter, UNDECIDED, UNHEARD } from "./adapter";
import { answer, type Flags } from "./support";

type Layer = unknown[];

/**
 * Google Consent Mode, as a source: https://developers.google.com/tag-platform/security/guides/consent. A `default` is never an answer; an
 * `update` is one when it has answered every type that has a default. For the milliseconds of `wait_for_update` it is still to come.
 */
export function googleConsentMode(): Adapter {
  let tell = () => {};
  const wrapped = new WeakSet<Layer["push"]>();
  const defaults = new Set<string>();
  const updates: Flags = {};
  let until = 0;

  /** What `gtag` pushes is its `arguments`; an array of the same members is not a command. */
  const take = (entry: unknown) => {
    const { 0: command, 1: kind, 2: types } = (Array.isArray(entry) ? null : (entry as Flags | null)) ?? {};
    if (command !== "consent") return;
    for (const [type, state] of Object.entries(types ?? {})) {
      if (kind === "default" && type === "wait_for_update") until = Math.max(until, Date.now() + Number(state) || 0);
      // Others are settings, such as `region`.
      if (state !== "granted" && state !== "denied") continue;
      if (kind === "default") defaults.add(type);
      if (kind === "update") updates[type] = state === "granted";
    }
  };

  /** Google's own scripts put theirs around `push`, the page may put another list in its place, and old entries go. */
  const follow = (layer: Layer) => {
    if (wrapped.has(layer.push)) return;
    layer.forEach(take);
    const push = layer.push;
    layer.push = function (...entries) {
      const length = push.apply(this, entries);
      try {
        entries.forEach(take);
        tell();
      } catch {
        // The page may push anything.
      }
      return length;
    };
    wrapped.add(layer.push);
  };

  return {
    source: "google-consent-mode",
    read() {
      const layer = (window as { dataLayer?: Layer }).dataLayer;
      if (!Array.isArray(layer)) return undefined;
      follow(layer);
      const answered = Object.keys(updates);
      if (answered.length === 0 && defaults.size === 0) return undefined;
      const complete = answered.length > 0 && [...defaults].every((type) => type in updates);
      return complete ? answer(updates) : Date.now() < until ? UNHEARD : UNDECIDED;
    },
    watch(changed) {
      tell = changed;
    },
  };
}
