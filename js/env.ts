import { gpc } from "./neutral";

/** What the core must know of the browser and the page, as JSON text. `base` is where templates/ lies, `identity` what another SDK stored. */
export function env(base: string, writeKey: string | null, identity: unknown): string {
  return JSON.stringify({
    userAgent: navigator.userAgent,
    // Low entropy only: what every page gets to see.
    userAgentData: (navigator as { userAgentData?: unknown }).userAgentData,
    locale: navigator.language,
    timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    gpc: gpc(),
    url: location.href,
    base,
    writeKey,
    keepalive: "keepalive" in Request.prototype,
    // What the core makes its identifiers from: 32 random characters of one byte each.
    seed: String.fromCharCode(...crypto.getRandomValues(new Uint8Array(32)).map((byte) => byte & 127)),
    referrer: document.referrer,
    identity: identity || undefined,
  });
}
