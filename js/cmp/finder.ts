import { frameWith } from "./frames";

/**
 * Each platform, with what tells of it: globals, which an element's ID makes too, how its cookies and its keys in local storage begin, and frames
 * beside or around the page's own. A record counts, since the script may come late, and meanwhile nobody else may override the visitor's earlier answer.
 */
const MARKS =
  "vanilla-cookieconsent CookieConsent.getConfig cc_cookie,tcf __tcfapi euconsent-v2,gpp __gpp,usp __uspapi usprivacy,sourcepoint _sp_.config _sp_user_consent_ consentUUID,onetrust OneTrust Optanon,cookiebot Cookiebot CookieConsent={stamp,didomi didomi_ Didomi didomiOnReady,usercentrics UC_UI __ucCmp uc_settings ucData,trustarc truste notice_behavior,osano Osano osano_,klaro klaro,orejime orejime eu-consent=,ketch ketch _ketch_,complianz complianz cmplz_,iubenda _iub.csConfiguration _iub_cs-,cookieyes cookieyes getCkyConsent,google-consent-mode dataLayer";

interface Page {
  [name: string]: Page | undefined;
}

/** Calls back with each of them that shows. */
export function findPlatforms(found: (source: string) => void): void {
  let records = "";
  // A frame may have none, and the page may have put anything in the way of its globals.
  for (const read of [() => document.cookie, () => Object.keys(localStorage).join("; ")])
    try {
      records += `; ${read()}`;
    } catch {}
  const shows = (mark: string) => {
    try {
      return (
        records.includes(`; ${mark}`) ||
        mark.split(".").reduce((at, name) => at?.[name], window as unknown as Page | undefined) ||
        frameWith(`${mark}Locator`)
      );
    } catch {}
    return;
  };
  for (const platform of MARKS.split(",")) {
    const [source = "", ...marks] = platform.split(" ");
    if (marks.some(shows)) found(source);
  }
}
