import posthog from "posthog-js";

posthog.init("phc_peers", {
  api_host: window.collector,
  // It takes a driven browser for a bot, whose events it drops.
  opt_out_useragent_filter: true,
  // By default it drops what goes beyond a hundred events.
  ...(window.isUnlimited && { rate_limiting: { events_per_second: 10_000, events_burst_limit: 10_000 } }),
});
window.isReady = () => posthog.__loaded;
window.track = (properties) => void posthog.capture("Product Added", properties);
