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
