// The page global as Segment's documentation has a project declare it.
import type { AnalyticsSnippet } from "@segment/analytics-next";

declare global {
  interface Window {
    analytics: AnalyticsSnippet;
  }
}

export function page(): void {
  window.analytics.page("Home");
  window.analytics.track("Viewed", { n: 1 });
  window.analytics.ready(() => window.analytics.identify("u-1"));
}
