// Notes, before anything else runs, what leaves no trace behind: errors, and what is begun without an element or a request.
const watched = { thrown: [], begun: [] };
window.watched = watched;
addEventListener("error", (event) => event.message && watched.thrown.push(String(event.message)));
addEventListener("unhandledrejection", (event) => watched.thrown.push(String(event.reason)));

const note = (owner, name) => {
  const own = owner?.[name];
  if (!own) return;
  owner[name] = new Proxy(own, {
    apply: (target, self, args) => watched.begun.push(`${name} ${args[0]}`) && Reflect.apply(target, self, args),
    construct: (target, args) => watched.begun.push(`${name} ${args[0]}`) && Reflect.construct(target, args),
  });
};
for (const name of ["Worker", "SharedWorker", "WebSocket", "EventSource", "XMLHttpRequest", "RTCPeerConnection"])
  note(window, name);
note(Navigator.prototype, "sendBeacon");
note(globalThis.ServiceWorkerContainer?.prototype, "register");
