/**
 * A GPP API as "CMP API" 1.1 of the IAB's Global-Privacy-Platform repository says, and, where `returns` is set, one of before, which returns what
 * it has to say. The reference library runs in the browser suite.
 */
export function gpp(page, { returns = false } = {}) {
  const { window } = page;
  const data = {
    gppVersion: "1.1",
    cmpStatus: "loaded",
    signalStatus: "not ready",
    gppString: "DBAA",
    applicableSections: [],
  };
  const listeners = [];
  const cmp = {
    data,
    load() {
      window.__gpp = (command, call) => {
        const pingData = { ...data };
        if (command === "ping") return returns ? pingData : call(pingData, true);
        const event = { eventName: "listenerRegistered", listenerId: listeners.push(call), data: true, pingData };
        return returns ? event : call(event, true);
      };
    },
    say(changes, eventName = "signalStatus") {
      Object.assign(data, changes);
      for (const call of listeners) call({ eventName, pingData: { ...data } }, true);
    },
  };
  return cmp;
}
