import { gpc } from "./neutral";

/** What the core must know of the browser and the page, as JSON text. `base` is where templates/ lies. */
export function env(base: string, writeKey: string | null): string {
  return JSON.stringify({
    userAgent: navigator.userAgent,
    locale: navigator.language,
    timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    gpc: gpc(),
    url: location.href,
    base,
    writeKey,
    keepalive: "keepalive" in Request.prototype,
    referrer: document.referrer,
  });
}

/** 32 random bytes for the core's identifiers. */
export const seed = () => crypto.getRandomValues(new Uint8Array(32));
