import { jitsuAnalytics } from "@jitsu/js";

const jitsu = jitsuAnalytics({ host: window.collector, writeKey: "peers:key" });
window.isReady = () => true;
window.track = (properties) => void jitsu.track("Product Added", properties);
