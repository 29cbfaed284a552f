import { newTracker, trackSelfDescribingEvent } from "@snowplow/browser-tracker";

newTracker("peers", window.collector, { appId: "peers" });
window.isReady = () => true;
window.track = (data) =>
  trackSelfDescribingEvent({ event: { schema: "iglu:com.example/product_added/jsonschema/1-0-0", data } });
