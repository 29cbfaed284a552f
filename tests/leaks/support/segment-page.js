import { loadWithConsent } from "../../peers/in-page/segment-consent.js";

loadWithConsent("leaks", ["analytics", "advertising", "profiling"], { pruneUnmappedCategories: true });
