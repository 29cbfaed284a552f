/** @typedef {Record<string, unknown> & { on?: Record<string, EventListener> }} Attributes */

const SVG = "http://www.w3.org/2000/svg";

/**
 * Builds an HTML element. Text stays text: nothing is ever parsed as markup.
 * @param {string} name tag name
 * @param {Attributes} [attributes] `true` sets an empty attribute; false, null and undefined leave it out; `on` holds listeners
 * @param {...(Node | string | number | null | undefined | false | unknown[])} children
 */
export function el(name, attributes, ...children) {
  return build(document.createElement(name), attributes, children);
}

/** The same for SVG. */
export function svg(name, attributes, ...children) {
  return build(document.createElementNS(SVG, name), attributes, children);
}

function build(node, attributes = {}, children) {
  for (const [key, value] of Object.entries(attributes)) {
    if (key === "on") {
      for (const [type, listener] of Object.entries(value)) node.addEventListener(type, listener);
    } else if (value === true) node.setAttribute(key, "");
    else if (value !== false && value !== null && value !== undefined) node.setAttribute(key, value);
  }
  node.append(...children.flat().filter((child) => child !== false && child !== null && child !== undefined));
  return node;
}
