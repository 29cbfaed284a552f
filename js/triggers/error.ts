import { cut } from "../plain";
import { type Family, listeners, places, type Trigger } from "./family";

/** What is told of one page: an error that a tag of this very trigger causes would be told without end. */
const MOST = 100;

export const errors: Family<Trigger> = (tell) => {
  let wanted: Trigger[] = [];
  let told = 0;

  const turn = listeners<ErrorEvent>(["error"], ({ message, filename, lineno, colno }) => {
    // What did not load has no message.
    if (typeof message === "string" && told++ < MOST)
      tell("error", { message: cut(message), url: cut(filename), line: lineno, column: colno }, places(wanted));
  });

  return (triggers) => {
    wanted = triggers;
    turn(triggers.length > 0);
  };
};
