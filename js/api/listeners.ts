import type { Kit, Method, Methods } from "./kit";

/** Waiting for, listening to and talking about what happens. */
export function listenerMethods(kit: Kit): Methods {
  const { emitter, link, self } = kit;
  const log = (payload: unknown) => console.warn("[tidegate]", payload);
  return {
    on(name, listener) {
      emitter.on(String(name), listener as Method);
      return self;
    },
    once(name, listener) {
      emitter.on(String(name), listener as Method, true);
      return self;
    },
    off(name, listener) {
      emitter.off(String(name), listener);
      return self;
    },
    emit(name, ...args) {
      emitter.emit(String(name), ...args);
      return self;
    },
    ready(callback) {
      const ready = new Promise<void>((resolve) => link.run(() => {}, resolve)).then(
        () => kit.plugged?.() as undefined,
      );
      if (typeof callback === "function")
        ready.then(kit.guard("ready", callback as Method, undefined, "listener_failed"));
      return ready;
    },
    debug(on) {
      for (const name of ["error", "consent"]) {
        emitter.off(name, log);
        if (on !== false) emitter.on(name, log);
      }
      return self;
    },
    use(plugin) {
      if (typeof plugin !== "function") throw new TypeError("the plugin is no function");
      plugin(self);
      return self;
    },
  };
}
