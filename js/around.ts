import type { Host } from "tidegate-wasm";
import type { CoreLink } from "./core-link";

/** What happens around a page's cores: its own life, and the other tabs of the site, which share what is stored under `space`. */
export function createAround(link: CoreLink, space: string): Pick<Host, "post"> {
  const lives = (life: string) => () => link.run((core) => core.live(life));
  let channel: BroadcastChannel | undefined;
  try {
    channel = new BroadcastChannel(space);
    channel.onmessage = ({ data }) => {
      if (typeof data === "string") link.run((core) => core.message(data));
    };
  } catch {
    // Some frames may not have one.
  }
  document.addEventListener("visibilitychange", () => lives(document.visibilityState)());
  addEventListener("pagehide", lives("hidden"));
  addEventListener("pageshow", lives("visible"));
  addEventListener("online", lives("online"));

  return {
    // The page may have put objects of its own in place of the browser's.
    post(message) {
      try {
        channel?.postMessage(message);
      } catch {}
    },
  };
}

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
