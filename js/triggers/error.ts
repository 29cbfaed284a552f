import { cut } from "../plain";
import { type Family, listeners, places, type Trigger } from "./family";

export const errors: Family<Trigger> = (tell) => {
  let wanted: Trigger[] = [];

  const turn = listeners<ErrorEvent>(["error"], ({ message, filename, lineno, colno }) => {
    // What did not load has no message.
    if (typeof message === "string")
      tell("error", { message: cut(message), url: cut(filename), line: lineno, column: colno }, places(wanted));
  });

  return (triggers) => {
    wanted = triggers;
    turn(triggers.length > 0);
  };
};
