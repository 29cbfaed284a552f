// A consent platform of IAB TCF, as far as its API goes; `tcf.tell` says what its visitor or its own failure does.
{
  const listeners = new Map();
  let [data, success, next] = [{ cmpStatus: "stub", tcfPolicyVersion: 5, cmpId: 31, cmpVersion: 1 }, true, 0];
  window.__tcfapi = (command, _version, callback, parameter) => {
    if (command === "ping") callback({ ...data, cmpLoaded: data.cmpStatus === "loaded", apiVersion: "2.3" }, true);
    if (command === "removeEventListener") callback(listeners.delete(parameter));
    if (command === "addEventListener") {
      const listenerId = next++;
      listeners.set(listenerId, callback);
      // A stub is silent.
      if (data.cmpStatus !== "stub") callback({ ...data, listenerId }, success);
    }
  };
  window.tcf = {
    tell(changes, isSuccess = true) {
      [data, success] = [{ ...data, cmpStatus: "loaded", ...changes }, isSuccess];
      for (const [listenerId, callback] of listeners) callback({ ...data, listenerId }, success);
    },
  };
}
