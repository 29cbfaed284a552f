import type { Sources } from "./boot";
import { cookies } from "./cookies";
import { gpc } from "./neutral";
import { timeZone } from "./time-zone";

/**
 * What the core must know of the browser and the page, as JSON text. `persists`: whether anything is stored beyond the page. `platforms`: what they
 * said so far.
 */
export function env(
  { writeKey, region, space, options }: Sources,
  persists: boolean,
  platforms: Record<string, string>,
): string {
  return JSON.stringify({
    userAgent: navigator.userAgent,
    // Low entropy only: what every page gets to see.
    userAgentData: (navigator as { userAgentData?: unknown }).userAgentData,
    locale: navigator.language,
    timezone: timeZone(),
    gpc: gpc(),
    dnt: navigator.doNotTrack === "1",
    writeKey,
    region: region?.trim().toUpperCase(),
    // What the core makes its identifiers from: 32 random characters of one byte each.
    seed: String.fromCharCode(...crypto.getRandomValues(new Uint8Array(32)).map((byte) => byte & 127)),
    // Settings of a destination are nobody else's business.
    integrations: Object.fromEntries(Object.entries(options.integrations ?? {}).map(([name, on]) => [name, !!on])),
    space,
    platforms,
    locks: "locks" in navigator,
    cookies: persists ? cookies() : [],
  });
}
