// Adapters for consent platforms, as a module of its own: `tidegate.cmp.js` comes when one of them shows on the page.

import type { Adapter } from "./cmp/adapter";
import { complianz } from "./cmp/complianz";
import { cookiebot } from "./cmp/cookiebot";
import { cookieyes } from "./cmp/cookieyes";
import { didomi } from "./cmp/didomi";
import { googleConsentMode } from "./cmp/google-consent-mode";
import { gpp } from "./cmp/gpp";
import { SILENCE, type Tell } from "./cmp/index";
import { iubenda } from "./cmp/iubenda";
import { ketch } from "./cmp/ketch";
import { klaro } from "./cmp/klaro";
import { onetrust } from "./cmp/onetrust";
import { orejime } from "./cmp/orejime";
import { osano } from "./cmp/osano";
import { sourcepoint } from "./cmp/sourcepoint";
import { tcf } from "./cmp/tcf";
import { trustarc } from "./cmp/trustarc";
import { usercentrics } from "./cmp/usercentrics";
import { usp } from "./cmp/usp";
import { vanillaCookieconsent } from "./cmp/vanilla-cookieconsent";

const ALL = [
  tcf,
  gpp,
  usp,
  sourcepoint,
  vanillaCookieconsent,
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

/**
 * Returns what reads every platform the config listens to, and tells what is new; each choice is told by itself. Others are not touched: some
 * adapters have to put something of theirs into the page. `told` is what each source was said to say so far, and `heard` what
 * vanilla-cookieconsent told before.
 */
export function createReader(
  told: Record<string, string>,
  tell: Tell,
  wants: (source: string) => boolean,
  heard?: Event,
): (tell: Tell) => void {
  const read = (adapter: Adapter, tell: Tell) => {
    const { source } = adapter;
    let text: string | undefined = SILENCE;
    try {
      const said = adapter.read();
      // Gone: whatever it said before, it says no more.
      text = said ? JSON.stringify(said) : told[source] && text;
    } catch {}
    if (!text || text === told[source]) return;
    told[source] = text;
    tell(source, text);
  };
  const adapters = ALL.map((create) => create(heard)).filter(({ source }) => wants(source));
  for (const adapter of adapters) adapter.watch(() => read(adapter, tell));
  return (tell) => {
    for (const adapter of adapters) read(adapter, tell);
  };
}
