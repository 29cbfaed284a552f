// A service worker that answers in the place of every vendor, so that no request leaves this machine and scripts have the addresses of the real ones.
addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(clients.claim()));
addEventListener("fetch", (event) => {
  const { origin, pathname } = new URL(event.request.url);
  if (origin === location.origin && !pathname.startsWith("/vendor/")) return;
  const headers = { "content-type": "text/javascript" };
  event.respondWith(new Response("window.recorder.vendorCame();", { headers }));
});
