// A consent platform of IAB GPP, as far as its API goes; `gpp.tell` says what its visitor or its own failure does.
{
  const listeners = new Map();
  let next = 1;
  let ping = { gppVersion: "1.1", cmpStatus: "loaded", signalStatus: "not ready", supportedAPIs: [], cmpId: 31 };
  ping = { ...ping, sectionList: [], applicableSections: [], gppString: "", parsedSections: {} };
  const told = (eventName, listenerId, data) => ({ eventName, listenerId, data, pingData: ping });
  window.__gpp = (command, callback, parameter) => {
    if (command === "ping") callback(ping, true);
    if (command === "removeEventListener") callback(listeners.delete(parameter), true);
    if (command === "addEventListener") {
      listeners.set(next, callback);
      callback(told("listenerRegistered", next++, true), true);
    }
  };
  window.gpp = {
    tell(changes) {
      ping = { ...ping, ...changes };
      for (const [id, callback] of listeners) {
        callback(told("sectionChange", id, "usnat"), true);
        callback(told("signalStatus", id, ping.signalStatus), true);
      }
    },
  };
}
