import { el } from "../dom.js";

const TOKEN = /("(?:\\.|[^"\\])*")(\s*:)?|\b(true|false|null)\b|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/** A value as indented JSON, coloured by kind. */
export function jsonText(value) {
  const text = JSON.stringify(value, null, 2);
  const parts = [];
  let end = 0;
  for (const match of text.matchAll(TOKEN)) {
    const [all, string, colon, word] = match;
    parts.push(text.slice(end, match.index));
    const kind = string ? (colon ? "key" : "string") : word ? "word" : "number";
    parts.push(el("span", { class: `json-${kind}` }, string ?? all), colon ?? "");
    end = match.index + all.length;
  }
  parts.push(text.slice(end));
  return el("pre", { class: "json", tabindex: "0", "aria-label": "The event as JSON" }, parts);
}
