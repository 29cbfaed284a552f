/**
 * A TCF API as "CMP API v2" of the IAB's TCF repository says: a stub that keeps calls, and a platform that takes its place and carries them out.
 * The reference library runs in the browser suite.
 */
export function tcf(page) {
  const { window } = page;
  const data = { cmpStatus: "loaded", eventStatus: "tcloaded", gdprApplies: true, tcString: "CQ" };
  const listeners = new Map();
  const cmp = {
    data,
    status: "loaded",
    begin() {
      const queue = [];
      window.__tcfapi = (...args) => {
        if (args.length === 0) return queue;
        if (args[0] === "ping") args[2]({ cmpLoaded: false, cmpStatus: "stub" });
        else queue.push(args);
        return undefined;
      };
    },
    load() {
      const queue = window.__tcfapi?.() ?? [];
      window.__tcfapi = (command, _version, call) => {
        if (command === "ping") call({ cmpLoaded: true, cmpStatus: cmp.status }, true);
        if (command !== "addEventListener") return;
        listeners.set(listeners.size, call);
        call({ ...data, listenerId: listeners.size - 1 }, true);
      };
      for (const args of queue) window.__tcfapi(...args);
    },
    /** What a listener is told next. */
    say(changes, success = true) {
      Object.assign(data, changes);
      for (const [listenerId, call] of listeners) call(success ? { ...data, listenerId } : null, success);
    },
  };
  return cmp;
}
