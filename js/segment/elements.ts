import type { Capture } from "../api/events";
import type { Kit, Method, Methods } from "../api/kit";

const TRACK = 0;

/** jQuery, or what stands in for it: its own submits reach only its own listeners. */
type Query = (element: Element) => { submit(listener: () => void): void };

/**
 * Events of links and forms. Neither the navigation nor the submit is held up: the event is on disk before the page
 * can go, unless a plugin still has it.
 */
export function elementMethods(kit: Kit, capture: Capture): Methods {
  const on =
    (name: string, type: "click" | "submit"): Method =>
    (elements, event, properties, options) => {
      const query = (window as { jQuery?: Query; Zepto?: Query }).jQuery ?? (window as { Zepto?: Query }).Zepto;
      for (const element of listOf(elements)) {
        const handle = () => capture(TRACK, [valueFor(element, event), valueFor(element, properties), options]);
        const guarded = kit.guard(name, handle);
        if (type === "submit" && query) query(element).submit(() => void guarded());
        else element.addEventListener(type, guarded);
      }
      return Promise.resolve(kit.self);
    };
  return {
    trackLink: on("trackLink", "click"),
    trackClick: on("trackClick", "click"),
    trackForm: on("trackForm", "submit"),
    trackSubmit: on("trackSubmit", "submit"),
  };
}

/** One element, or a list of them in any form, jQuery's included. */
function listOf(elements: unknown): Element[] {
  if (!elements) return [];
  if (elements instanceof Element) return [elements];
  const list = elements as ArrayLike<Element> & { toArray?(): ArrayLike<Element> };
  return Array.from(list.toArray?.() ?? list);
}

/** A value given as such or as a function of the element. */
function valueFor(element: Element, given: unknown): unknown {
  return typeof given === "function" ? given(element) : given;
}
