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
  gtag("consent", "default", told);
  instance.heard = ({ googleConsentMode: now = none }) => {
    if (JSON.stringify(now) !== JSON.stringify(told)) gtag("consent", "update", now);
    told = now;
  };
}

/** Google reads the arguments object itself, and nothing else. */
function gtag(..._args: unknown[]): void {
  const page = window as { dataLayer?: unknown };
  try {
    if (!Array.isArray(page.dataLayer)) page.dataLayer = [];
    // biome-ignore lint/complexity/noArguments: see above.
    (page.dataLayer as unknown[]).push(arguments);
  } catch {
    // What the page has put around `push` is its own business.
  }
}
