import { attempt } from "../attempt";
import { type Family, listeners, oneByOne, type Trigger } from "./family";

interface Visibility extends Trigger {
  selector: string;
  once?: "page" | "element" | "every";
  percent?: number;
  forMs?: number;
  watch?: boolean;
}

/** An element that has yet to be seen. */
interface Sight {
  isIn: boolean;
  isTold: boolean;
  /** How much of it was in view when that was last told. */
  percent: number;
  /** For how long it was seen before `since`. */
  ms: number;
  since?: number | undefined;
  timer?: ReturnType<typeof setTimeout>;
}

/** How long changes of the page are gathered before its elements are looked for again, in milliseconds. */
const MOMENT = 100;

/** Elements that the visitor sees: in the viewport, of a tab that is in front. The times in which one is seen add up. */
export const visibility: Family<Visibility> = (tell, describe) =>
  oneByOne(({ at, selector, once = "page", percent = 50, forMs = 0, watch }) => {
    // The whole of an element is a little less, in fractions of a pixel.
    const threshold = Math.min(percent / 100, 0.99);
    const sights = new Map<Element, Sight>();
    const told = new WeakSet<Element>();
    let observer: IntersectionObserver | undefined;
    let changes: MutationObserver | undefined;
    let isDue: ReturnType<typeof setTimeout> | undefined;
    let isDone = false;

    const forget = (element: Element) => {
      clearTimeout(sights.get(element)?.timer);
      sights.delete(element);
      observer?.unobserve(element);
    };

    const find = () => {
      isDue = undefined;
      const found = new Set(document.querySelectorAll(selector));
      for (const element of sights.keys()) if (!found.has(element)) forget(element);
      for (const element of found)
        if (!sights.has(element) && !told.has(element)) {
          sights.set(element, { isIn: false, isTold: false, percent: 0, ms: 0 });
          observer?.observe(element);
        }
    };

    const settle = (sight: Sight, element: Element) => {
      const now = performance.now();
      sight.ms += now - (sight.since ?? now);
      clearTimeout(sight.timer);
      const isSeen = sight.isIn && !document.hidden;
      sight.since = isSeen ? now : undefined;
      if (!sight.isIn && sight.isTold) {
        sight.isTold = false;
        sight.ms = 0;
      }
      if (!isSeen || sight.isTold) return;
      const left = forMs - sight.ms;
      if (left > 0) sight.timer = setTimeout(() => attempt(() => settle(sight, element)), left);
      else see(sight, element);
    };

    const see = (sight: Sight, element: Element) => {
      const ms = Math.round(sight.ms);
      sight.isTold = true;
      isDone = once === "page";
      if (isDone) turn(false);
      if (once === "element") {
        told.add(element);
        forget(element);
      }
      tell("visibility", { element: describe(element), percent: Math.round(sight.percent), ms }, [at]);
    };

    const look = (entries: IntersectionObserverEntry[]) => {
      for (const { target, isIntersecting, intersectionRatio } of entries) {
        const sight = sights.get(target);
        if (!sight) continue;
        sight.isIn = isIntersecting && intersectionRatio >= threshold;
        sight.percent = intersectionRatio * 100;
        settle(sight, target);
      }
    };

    const turnReady = listeners(["DOMContentLoaded"], find);
    const turnHidden = listeners(["visibilitychange"], () => sights.forEach(settle));

    const turn = (on: boolean) => {
      const isWanted = on && !isDone;
      if (isWanted === !!observer) return;
      if (isWanted) {
        observer = new IntersectionObserver((entries) => attempt(() => look(entries)), { threshold });
        if (watch) {
          changes = new MutationObserver(() => {
            isDue ??= setTimeout(() => attempt(find), MOMENT);
          });
          changes.observe(document, { childList: true, subtree: true, attributes: true });
        }
      } else {
        for (const element of sights.keys()) forget(element);
        observer?.disconnect();
        changes?.disconnect();
        clearTimeout(isDue);
        observer = changes = isDue = undefined;
      }
      turnReady(isWanted);
      turnHidden(isWanted);
      if (isWanted) find();
    };
    return turn;
  });
