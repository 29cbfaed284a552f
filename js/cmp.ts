// Adapters for consent platforms, as a module of its own: `tidegate.cmp.js` comes when one of them shows on the page.

import type { Adapter } from "./cmp/adapter";
import { complianz } from "./cmp/complianz";
import { cookiebot } from "./cmp/cookiebot";
import { cookieyes } from "./cmp/cookieyes";
import { didomi } from "./cmp/didomi";
import { googleConsentMode } from "./cmp/google-consent-mode";
import { iubenda } from "./cmp/iubenda";
import { ketch } from "./cmp/ketch";
import { klaro } from "./cmp/klaro";
import { onetrust } from "./cmp/onetrust";
import { orejime } from "./cmp/orejime";
import { osano } from "./cmp/osano";
import { trustarc } from "./cmp/trustarc";
import { usercentrics } from "./cmp/usercentrics";

const ALL = [
  onetrust,
  cookiebot,
  didomi,
  usercentrics,
  trustarc,
  osano,
  klaro,
  orejime,
  ketch,
  complianz,
  iubenda,
  cookieyes,
  googleConsentMode,
];

/** Those that the config listens to: some have to put something of theirs into the page. */
export const createAdapters = (wants: (source: string) => boolean): Adapter[] =>
  ALL.map((create) => create()).filter(({ source }) => wants(source));
