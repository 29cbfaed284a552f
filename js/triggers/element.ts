import { attempt } from "../attempt";
import { attributeOf, isField, matches, textOf } from "../element-text";
import { cut } from "../plain";

const MAX_TEXT = 500;
const MAX_ATTRIBUTES = 50;
const MAX_ATTRIBUTE = 300;

/** Links of HTML and SVG. */
export const LINK = "a[*|href],area[href]";

/** The fact `element`. What a field holds is in none of its members. */
export function elementFacts(element: Element, selectors: string[]): object {
  const attribute = (name: string) => {
    const value = attributeOf(element, name);
    return value === null ? value : cut(value);
  };
  return {
    id: attribute("id"),
    classes: attribute("class"),
    tag: attempt(() => Reflect.get(Element.prototype, "localName", element)),
    text: attempt(() => (isField(element) ? null : textOf(element, MAX_TEXT))),
    url: address(element),
    target: attribute("target"),
    name: attribute("name"),
    attributes: attempt(() => attributes(element)),
    matches: selectors.filter((selector) => matches(element, selector)),
  };
}

function attributes(element: Element): Record<string, string> {
  // Frameworks write there what a field holds, and fields that a page has built itself say it by their `aria-` sisters.
  const isValue = /^((aria-)?(value|checked)|selected)/i;
  const names = Element.prototype.getAttributeNames.call(element).filter((name) => !isValue.test(name));
  const first = names.slice(0, MAX_ATTRIBUTES);
  return Object.fromEntries(first.map((name) => [name, cut(attributeOf(element, name) ?? "", MAX_ATTRIBUTE)]));
}

/** Of a link its address, of a form its action, which is the page where it says none, else its source. */
function address(element: Element): string | null {
  const attribute = (name: string) => attributeOf(element, name);
  const found = matches(element, "form")
    ? attribute("action") || location.href
    : matches(element, LINK)
      ? (attribute("href") ?? attribute("xlink:href"))
      : attribute("src");
  return found && cut(attempt(() => new URL(found, document.baseURI).href) ?? found);
}
