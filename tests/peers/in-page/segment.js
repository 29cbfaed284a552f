import { AnalyticsBrowser } from "@segment/analytics-next";

const analytics = AnalyticsBrowser.load({ writeKey: "peers", cdnURL: location.origin });
let isReady = false;
analytics.ready(() => {
  isReady = true;
});
window.isReady = () => isReady;
window.track = (properties) => void analytics.track("Product Added", properties);
