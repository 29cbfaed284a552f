import { RudderAnalytics } from "@rudderstack/analytics-js/bundled";

const rudder = new RudderAnalytics();
let isReady = false;
rudder.ready(() => {
  isReady = true;
});
rudder.load("peers", window.collector, {
  configUrl: location.origin,
  // By default it drops what goes beyond a hundred events.
  ...(window.isUnlimited && { queueOptions: { maxItems: 10_000 } }),
});
window.isReady = () => isReady;
window.track = (properties) => rudder.track("Product Added", properties);
