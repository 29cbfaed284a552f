import { newTracker, trackSelfDescribingEvent } from "@snowplow/browser-tracker";

newTracker("faults", window.collector, { appId: "faults" });
window.isReady = () => true;
window.track = (data) =>
  trackSelfDescribingEvent({ event: { schema: "iglu:com.example/fault/jsonschema/1-0-0", data } });
