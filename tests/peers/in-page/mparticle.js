import mParticle from "@mparticle/web-sdk";

let isReady = false;
mParticle.init("peers", {
  // What its config host would answer, which it only asks over TLS.
  requestConfig: false,
  flags: { eventBatchingIntervalMillis: 1000, offlineStorage: "100" },
  isDevelopmentMode: false,
  forceHttps: false,
  v3SecureServiceUrl: `${window.collector.slice("http://".length)}/v3/JS/`,
  identityUrl: `${window.collector.slice("http://".length)}/identity/`,
  identifyRequest: { userIdentities: {} },
  identityCallback() {
    isReady = true;
  },
  logLevel: "none",
});
window.isReady = () => isReady;
window.track = (attributes) => mParticle.logEvent("Product Added", mParticle.EventType.Other, attributes);
