import posthog from "posthog-js";

// It takes a driven browser for a bot, whose events it drops.
posthog.init("phc_faults", { api_host: window.collector, opt_out_useragent_filter: true });
window.isReady = () => posthog.__loaded;
window.track = (properties) => void posthog.capture("Fault", properties);
