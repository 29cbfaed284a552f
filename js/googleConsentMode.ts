// Google's Consent Mode, as a module of its own: `tidegate.googleConsentMode.js` comes where the config has `consent.googleConsentMode`.
// https://developers.google.com/tag-platform/security/guides/consent

import type { Instance } from "./instance";
import type { ConsentState } from "./tidegate.d.ts";

/**
 * Puts the default on the data layer at once, before any tag of ours loads: denied. From each state of consent on Google is told
 * what the core says of each type, where that changed, and that nothing is granted where it says no more.
 */
export function open(instance: Instance, config: string): void {
  const types = Object.keys(JSON.parse(config).consent.googleConsentMode);
  const none: NonNullable<ConsentState["googleConsentMode"]> = Object.fromEntries(
    types.map((type) => [type, "denied"]),
  );
  let told = none;
  const tell = (how: string) => {
    for (const layer of LAYERS) layered(layer)("consent", how, told);
  };
  leaveTo(types);
  tell("default");
  instance.heard = ({ googleConsentMode: now = none }) => {
    const changed = JSON.stringify(now) !== JSON.stringify(told);
    told = now;
    if (changed) tell("update");
  };
}

/** The page's own data layer, and that of the tags' templates. */
const LAYERS = ["dataLayer", "tg_gtag_layer"];

/** What templates say of these types does not count: a tag's own consent is not what the config tells Google. */
function leaveTo(types: string[]): void {
  const send = layered("tg_gtag_layer");
  const gtag = (...args: unknown[]) => {
    const [command, how, state] = args;
    if (command !== "consent") return send(...args);
    const others = Object.entries(Object(state)).filter(([type]) => !types.includes(type));
    if (others.length > 0) send(command, how, Object.fromEntries(others));
  };
  Object.assign(window, { tg_gtag: gtag });
}

/** Google reads the arguments object itself, and nothing else. */
function layered(name: string): (..._args: unknown[]) => void {
  const page = window as unknown as Record<string, unknown>;
  return function () {
    try {
      if (!Array.isArray(page[name])) page[name] = [];
      // biome-ignore lint/complexity/noArguments: see above.
      (page[name] as unknown[]).push(arguments);
    } catch {
      // What the page has put around `push` is its own business.
    }
  };
}
