import { attempt } from "../attempt";
import { matches } from "../element-text";
import { type Family, listeners, type Trigger, tellOfElements } from "./family";

interface FormSubmit extends Trigger {
  selector?: string;
}

const HOW = { capture: true, passive: true };

/** Forms that are sent, those in open shadow trees that the visitor has used included. */
export const forms: Family<FormSubmit> = (tell, describe) => {
  let wanted: FormSubmit[] = [];
  const roots = new Set<Node>();

  const submitted = ({ target }: Event) =>
    tellOfElements(
      wanted,
      ({ selector = "*" }) => (matches(target, "form") && matches(target, selector) ? (target as Element) : undefined),
      (element, triggers) => tell("form-submit", { element: describe(element) }, triggers),
    );
  const heard = (event: Event) => attempt(() => submitted(event));
  const turn = listeners(["submit"], submitted);
  // A submit stays within its tree, while the press or key that leads to it does not.
  const turnRoots = listeners(["pointerdown", "keydown"], (event) => {
    for (const node of event.composedPath())
      if (node instanceof ShadowRoot && !roots.has(node)) {
        roots.add(node);
        node.addEventListener("submit", heard, HOW);
      }
  });

  return (triggers) => {
    wanted = triggers;
    turn(triggers.length > 0);
    turnRoots(triggers.length > 0);
    if (triggers.length > 0) return;
    for (const root of roots) root.removeEventListener("submit", heard, HOW);
    roots.clear();
  };
};
