import { loadWithConsent } from "../../../peers/in-page/segment-consent.js";

loadWithConsent("demo", ["analytics", "advertising"]);
