// Notes what scripts put on the page and have not taken back: `standing()` names it. Only from `standing.reset()` on.
{
  let listeners = [];
  const live = new Set();
  const { addEventListener, removeEventListener } = EventTarget.prototype;
  const captures = (how) => (typeof how === "object" ? !!how?.capture : !!how);
  const isSame = (a, b) => a.every((part, at) => part === b[at]);
  EventTarget.prototype.addEventListener = function (type, listener, how) {
    const one = [this ?? window, type, listener, captures(how)];
    if (!listeners.some((other) => isSame(one, other))) listeners.push(one);
    return addEventListener.call(this, type, listener, how);
  };
  EventTarget.prototype.removeEventListener = function (type, listener, how) {
    const one = [this ?? window, type, listener, captures(how)];
    listeners = listeners.filter((other) => !isSame(one, other));
    return removeEventListener.call(this, type, listener, how);
  };
  for (const { prototype } of [IntersectionObserver, MutationObserver]) {
    const { observe, disconnect } = prototype;
    prototype.observe = function (...args) {
      live.add(this);
      return observe.apply(this, args);
    };
    prototype.disconnect = function () {
      live.delete(this);
      return disconnect.call(this);
    };
  }
  const { setInterval, clearInterval, setTimeout, clearTimeout } = window;
  window.setInterval = (...args) => {
    const timer = setInterval(...args);
    live.add(`interval ${timer}`);
    return timer;
  };
  window.clearInterval = (timer) => {
    live.delete(`interval ${timer}`);
    clearInterval(timer);
  };
  window.setTimeout = (call, ...args) => {
    // WebKit's driver has one of its own in the page for whatever it runs.
    if (args[0] === 30_000) return setTimeout(call, ...args);
    const timer = setTimeout(
      (...given) => {
        live.delete(`timeout ${timer}`);
        call(...given);
      },
      ...args,
    );
    live.add(`timeout ${timer}`);
    return timer;
  };
  window.clearTimeout = (timer) => {
    live.delete(`timeout ${timer}`);
    clearTimeout(timer);
  };
  window.standing = () => [...listeners.map(([, type]) => type), ...[...live].map(String)].sort();
  window.standing.reset = () => {
    listeners = [];
    live.clear();
  };
}
