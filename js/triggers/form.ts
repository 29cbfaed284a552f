import { matches } from "../element-text";
import { type Family, listeners, type Trigger, tellOfElements } from "./family";

interface FormSubmit extends Trigger {
  selector?: string;
}

/** Forms that are sent. */
export const forms: Family<FormSubmit> = (tell, describe) => {
  let wanted: FormSubmit[] = [];

  const turn = listeners(["submit"], ({ target }) =>
    tellOfElements(
      wanted,
      ({ selector = "*" }) => (matches(target, "form") && matches(target, selector) ? (target as Element) : undefined),
      (element, triggers) => tell("form-submit", { element: describe(element) }, triggers),
    ),
  );

  return (triggers) => {
    wanted = triggers;
    turn(triggers.length > 0);
  };
};
