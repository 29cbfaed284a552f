/**
 * The platforms of `tidegate.cmp.js`, each with what tells of it beside its name: globals, which an element's ID makes too, and how its
 * cookies begin. These count, since its script may come late, and meanwhile nobody else may override the visitor's earlier answer.
 */
const MARKS =
  "onetrust OneTrust OptanonWrapper Optanon,cookiebot Cookiebot CookieConsent={stamp,didomi Didomi didomiOnReady,usercentrics UC_UI __ucCmp usercentrics-cmp,trustarc truste notice_behavior,osano Osano,klaro,orejime eu-consent=,ketch _ketch_,complianz cmplz_,iubenda iubenda-cs-banner _iub_cs-,cookieyes getCkyConsent,google-consent-mode dataLayer";

/** Calls back with each of them that shows on the page. */
export function findPlatforms(found: (source: string) => void): void {
  const cookies = `; ${document.cookie}`;
  const shows = (mark: string) => (window as unknown as Record<string, unknown>)[mark] || cookies.includes(`; ${mark}`);
  for (const platform of MARKS.split(",")) {
    const marks = platform.split(" ");
    if (marks.some(shows)) found(marks[0] as string);
  }
}
