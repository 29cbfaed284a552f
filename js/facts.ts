import type { PageFacts } from "./tidegate.d.ts";

/** Page facts as Segment's snippet notes them: canonical, path, URL, search, title, referrer. */
export interface RawFacts {
  c?: string | null | undefined;
  p: string;
  u: string;
  s: string;
  t: string;
  r: string;
}

/**
 * The text the core takes: the page as JSON, with the canonical URL's say in it, and where there is a query
 * a line break and its `utm_` parameters, decoded and without the prefix, and where there is one another and its click ID.
 */
export function factsText({ c, p, u, s, t, r }: RawFacts): string {
  const facts: PageFacts = {
    path: c ? canonicalPath(c) : p,
    referrer: r,
    search: s,
    title: t,
    url: c ? (c.includes("?") ? c : c + s) : u.replace(/#.*/, ""),
  };
  return JSON.stringify(facts) + (s ? utm(s) : "");
}

function utm(search: string): string {
  const found: Record<string, string> = Object.create(null);
  for (const part of search.split(/[?&]/)) {
    const [key = "", value = ""] = part.split("=");
    if (/^utm_./.test(key)) found[key.slice(4)] = decoded(value);
  }
  // The click IDs that Segment knows.
  const [, network, id] = /[?&](btid|urid)=([^?&]*)/.exec(search) ?? [];
  const referrer = network && { id, type: network === "btid" ? "dataxu" : "millennial-media" };
  return `\n${JSON.stringify(found)}${referrer ? `\n${JSON.stringify(referrer)}` : ""}`;
}

/** A part of a query as text; what is no escape stays as it is. */
export function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replace(/\+/g, " "));
  } catch {
    return text;
  }
}

function canonicalPath(canonical: string): string {
  try {
    // Only where there is a host: the first exception of a page takes milliseconds.
    if (canonical.includes("//")) return new URL(canonical).pathname;
  } catch {}
  return canonical.replace(/^\/?/, "/");
}

/** Reads the page's facts as that text. Built anew only when the page changed; asking is cheap enough for every call. */
export function createPageFacts(): () => string {
  // A live list: its length tells when a canonical link came or went.
  let links: ArrayLike<Element> | undefined;
  let canonical: Element | null = null;
  let c: string | null | undefined;
  let u: string | undefined;
  let t: string | undefined;
  let count: number | undefined;
  let text = "";

  return () => {
    links ??= (document.head ?? document).getElementsByTagName("link");
    const same =
      u === location.href &&
      t === document.title &&
      count === links.length &&
      (!canonical || (canonical.isConnected && c === canonical.getAttribute("href")));
    if (!same) {
      canonical = document.querySelector("link[rel=canonical]");
      c = canonical?.getAttribute("href");
      u = location.href;
      t = document.title;
      count = links.length;
      text = factsText({ c, p: location.pathname, u, s: location.search, t, r: document.referrer });
    }
    return text;
  };
}
