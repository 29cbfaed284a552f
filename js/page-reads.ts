// Variables that read the page, for the core. The language: src/core/tags/README.md.

import { attempt } from "./attempt";
import { decodedText } from "./cookies";
import { attributeOf, matches, textOf } from "./element-text";
import { plain } from "./plain";
import { timeZone } from "./time-zone";

type Read = (rest: string) => unknown;

/** Elements with a `value` of the visitor's. */
const FIELDS = "input,textarea,select,option,output";
/** Nobody's business, whatever a config says. */
const PASSWORD = "[type=password i],[autocomplete*=password i]";
const MAX_TEXT = 2000;

const DEVICE: Record<string, Read> = {
  __proto__: null as never,
  userAgent: () => navigator.userAgent,
  language: () => navigator.language,
  timezone: timeZone,
  screenWidth: () => screen.width,
  screenHeight: () => screen.height,
  viewportWidth: () => innerWidth,
  viewportHeight: () => innerHeight,
  pixelRatio: () => devicePixelRatio,
  online: () => navigator.onLine,
};

const READS: Record<string, Read> = {
  __proto__: null as never,
  url: () => location.href,
  referrer: () => document.referrer || null,
  cookie: (name) => decodedText(cookie(name)),
  rawcookie: cookie,
  text(selector) {
    const element = document.querySelector(selector) as HTMLInputElement;
    if (!matches(element, FIELDS)) return textOf(element, MAX_TEXT);
    return matches(element, PASSWORD) ? null : element.value;
  },
  attribute(rest) {
    const [name, selector] = split(rest);
    const element = document.querySelector(selector) as Element;
    return /^value$/i.test(name) && matches(element, PASSWORD) ? null : attributeOf(element, name);
  },
  global(path) {
    let at: unknown = window;
    for (const step of path.split(".")) {
      if (/^(__proto__|constructor|prototype)$/.test(step)) return;
      at = (at as Record<string, unknown>)[step];
    }
    return at;
  },
  device: (fact) => DEVICE[fact]?.(""),
};

/** Reads what is wanted, each a word, a space and the rest. What is not there, or cannot be read, is null. */
export function readPage(wanted: string[]): unknown[] {
  return wanted.map((one) => {
    const [word, rest] = split(one);
    return plain(attempt(() => READS[word]?.(rest)));
  });
}

function split(text: string): [string, string] {
  const [first = "", ...rest] = text.split(" ");
  return [first, rest.join(" ")];
}

/** As it stands in `document.cookie`. Throws where there is none. */
function cookie(name: string): string {
  const pair = document.cookie.split("; ").find((pair) => pair.startsWith(`${name}=`)) as string;
  return pair.slice(name.length + 1);
}
