import { matches } from "../element-text";
import { LINK } from "./element";
import { type Family, listeners, type Trigger, tellOfElements } from "./family";

interface Click extends Trigger {
  on?: "all" | "links";
  selector?: string;
}

const RIGHT = 2;

/** Clicks, also within open shadow trees. The element is the link, else the one that matches, else the innermost. */
export const clicks: Family<Click> = (tell, describe) => {
  let wanted: Click[] = [];

  const turn = listeners<MouseEvent>(["click", "auxclick"], (event) => {
    if (event.button === RIGHT) return;
    const path = event.composedPath();
    const innermost = (selector: string) => path.find((node) => matches(node, selector)) as Element | undefined;
    tellOfElements(
      wanted,
      ({ on, selector = "*" }) => {
        const element = innermost(selector);
        return element && on === "links" ? innermost(LINK) : element;
      },
      (element, triggers) => tell("click", { element: describe(element) }, triggers),
    );
  });

  return (triggers) => {
    wanted = triggers;
    turn(triggers.length > 0);
  };
};
