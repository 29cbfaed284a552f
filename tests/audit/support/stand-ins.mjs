/** Platforms whose scripts are under licence, as the stand-ins of tests/js that follow their documentation: in a page they are `window.cmp`. */
import { readFileSync } from "node:fs";

const text = (/** @type {string} */ path) => readFileSync(new URL(path, import.meta.url), "utf8");

/** @param {string} name of the stand-in, which is that in the config's `consent.cmp` @returns {import("./platforms.mjs").Platform} */
const standIn = (name) =>
  /** @type {any} */ ({
    name,
    files: {
      [`/${name}.mjs`]: text(`../../js/support/cmps/${name}.mjs`),
      "/storage.mjs": text("../../js/support/cmps/storage.mjs"),
      "/real-page.mjs": text("in-page/real-page.mjs"),
    },
    head: `<script type="module">
      import { ${name} } from "/${name}.mjs";
      import { realPage } from "/real-page.mjs";
      window.cmp = ${name}(realPage);
      window.cmp.load();
    </script>`,
    isThere: () => !!window.cmp,
  });

/**
 * With an answer that nobody gave, as it is stored before the script comes, and as the script tells it, and what the audits' purposes
 * are called there.
 */
export const licensed = {
  Cookiebot: {
    platform: standIn("cookiebot"),
    record:
      "CookieConsent={stamp:'-1',necessary:true,preferences:true,statistics:true,marketing:true,method:'implied',ver:1}",
    imply: () => window.cmp.choose(window.cmp.categories, { method: "implied", stamp: "-1" }),
    categories: { analytics: "statistics", advertising: "marketing" },
  },
  CookieYes: {
    platform: standIn("cookieyes"),
    record: "cookieyes-consent=consentid:x,consent:yes,action:no,analytics:yes,advertisement:yes",
    imply: () => window.cmp.choose(window.cmp.categories, { action: "no" }),
    categories: { analytics: "analytics", advertising: "advertisement" },
  },
  TrustArc: {
    platform: standIn("trustarc"),
    record: "notice_behavior=implied,eu",
    imply: () => window.cmp.store("0,1,2::implied,eu"),
    categories: { analytics: "1", advertising: "2" },
  },
};
