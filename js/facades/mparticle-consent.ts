import type { Callback, Front } from "./front";

/** A state of consent that says nothing: https://docs.mparticle.com/developers/client-sdks/web/data-privacy-controls/ */
const SILENT: Record<string, Callback> = {};
for (const name of "addGDPR setGDPR removeGDPR setCCPA removeCCPA".split(" "))
  SILENT[`${name}ConsentState`] = () => SILENT;
for (const name of "getGDPR getCCPA".split(" ")) SILENT[`${name}ConsentState`] = () => ({});

/** `mParticle.Consent`, answered and told: whose word counts on consent is said by the config, where this one cannot be. */
export function createConsent(front: Front) {
  const silent = (name: string) => () => {
    front.guarded(`mParticle.${name}()`, () => {
      throw new Error("consent is not heard here: see consent.cmp in the config, and analytics.consent");
    });
    return SILENT;
  };
  const made = ["createConsentState", "createGDPRConsent", "createCCPAConsent"];
  return {
    makers: Object.fromEntries(made.map((name) => [name, silent(`Consent.${name}`)])),
    ofUser: { getConsentState: () => SILENT, setConsentState: silent("setConsentState") },
  };
}
