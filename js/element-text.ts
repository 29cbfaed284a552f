// Elements as the page shows them. A form's fields may carry the names of its members (`<input name="matches">`), so those are taken from where the browser has them.

import { attempt } from "./attempt";

/** What a visitor writes or picks, and what is no text to anybody. */
const FIELDS = "input,textarea,select,option,datalist,output,[contenteditable]:not([contenteditable=false i])";
const UNSEEN = `${FIELDS},script,style,template,noscript`;

/** Whether it is an element that matches; an invalid selector matches nothing. */
export const matches = (node: unknown, selector: string): boolean =>
  !!attempt(() => Element.prototype.matches.call(node, selector));

/** One of its attributes, or null. */
export const attributeOf = (element: Element, name: string): string | null =>
  attempt(() => Element.prototype.getAttribute.call(element, name));

/** Whether it is within something that a visitor fills in. */
export const isField = (element: Element): boolean => !!Element.prototype.closest.call(element, FIELDS);

/** The text in it without that of form fields, as one line. */
export function textOf(element: Element, most: number): string {
  const nodes = document.createTreeWalker(element, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT, (node) =>
    matches(node, UNSEEN) ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT,
  );
  let text = "";
  while (text.length <= most && nodes.nextNode())
    text = (text + ((nodes.currentNode as Text).data ?? "").slice(0, most * 4)).replace(/\s+/g, " ").trimStart();
  return text.slice(0, most).trimEnd();
}
