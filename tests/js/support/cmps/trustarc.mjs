/**
 * TrustArc, as https://developer.trustarc.com and the notice's own script do: levels in `notice_gdpr_prefs`, with a suffix where nobody
 * chose, and a message to the window when preferences are submitted.
 */
import { setCookie } from "./storage.mjs";

export function trustarc(page) {
  const { window } = page;
  const read = (name) => {
    const pair = page.document.cookie.split("; ").find((pair) => pair.startsWith(`${name}=`));
    return pair?.slice(name.length + 1);
  };
  const cmp = {
    model: "opt-in",
    necessary: ["0"],
    categories: ["1", "2"],
    implied: true,
    begin() {
      setCookie(page, "notice_behavior", "expressed,eu");
      window.truste = { eu: {} };
    },
    load() {
      cmp.begin();
      window.truste = { eu: { COOKIE_GDPR_PREF_NAME: "notice_gdpr_prefs" }, util: { readCookie: read } };
    },
    store: (value) => setCookie(page, "notice_gdpr_prefs", value),
    choose(accepted) {
      cmp.store(`${["0", ...accepted]}:`);
      const data = JSON.stringify({ source: "preference_manager", message: "submit_preferences" });
      window.dispatchEvent(Object.assign(new Event("message"), { data }));
    },
    forget: () => setCookie(page, "notice_gdpr_prefs"),
  };
  return cmp;
}
