import { RudderAnalytics } from "@rudderstack/analytics-js/bundled";

const rudder = new RudderAnalytics();
let isReady = false;
rudder.ready(() => {
  isReady = true;
});
rudder.load("faults", window.collector, { configUrl: location.origin });
window.isReady = () => isReady;
window.track = (properties) => rudder.track("Fault", properties);
