import type { Host } from "tidegate-wasm";
import type { CoreLink } from "./core-link";

/** How a lock is taken: `Hold` of src/core/effect.rs. */
const OWN = 1;
const PROBE = 2;

/** Takes Web Locks for the core that `link` is tied to, until it lets go of all, or it ends, or its page goes. */
export function lockFor(link: CoreLink): Host["lock"] {
  const endings: (() => void)[] = [];
  const letGo = () => {
    for (const end of endings.splice(0)) end();
  };
  link.ended?.then(letGo);
  addEventListener("pagehide", letGo);
  return async (name, hold) => {
    if (!hold) return letGo();
    const until = new Promise<void>((end) => endings.push(end));
    try {
      await navigator.locks.request(name, { ifAvailable: hold !== OWN }, (lock) => {
        link.run((core) => core.locked(name, !!lock));
        return hold !== PROBE && lock && until;
      });
    } catch {}
  };
}
