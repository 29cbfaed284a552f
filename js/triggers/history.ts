import { attempt } from "../attempt";
import { cut, plain } from "../plain";
import { type Family, listeners, places, type Switch, type Trigger } from "./family";

/** Changes of the address without a load. A new state at the same address is none. */
export const histories: Family<Trigger> = (tell) => {
  let wanted: Trigger[] = [];
  let now = { url: "", state: undefined as unknown };

  const read = () => ({ url: location.href, state: plain(history.state) });
  const look = (source: string) => {
    const before = now;
    now = read();
    if (now.url !== before.url)
      tell(
        "history",
        {
          url: cut(now.url),
          oldUrl: cut(before.url),
          fragment: fragment(now.url),
          oldFragment: fragment(before.url),
          state: now.state,
          oldState: before.state,
          source,
        },
        places(wanted),
      );
  };
  const switches = [
    listeners(["popstate", "hashchange"], ({ type }) => look(type)),
    wrapping("pushState", look),
    wrapping("replaceState", look),
  ];

  return (triggers) => {
    if (!wanted.length) now = read();
    wanted = triggers;
    for (const turn of switches) turn(triggers.length > 0);
  };
};

const fragment = (url: string): string => cut(url.split("#").slice(1).join("#"));

const { apply } = Reflect;

/** Hears of calls of the page's own function. A proxy has all that the function has, and counts as native code. */
function wrapping(name: "pushState" | "replaceState", called: (name: string) => void): Switch {
  let unwrap: (() => void) | undefined;

  const wrap = () => {
    const holder = Object.getOwnPropertyDescriptor(history, name) ? history : History.prototype;
    const before = Object.getOwnPropertyDescriptor(holder, name) as PropertyDescriptor;
    let isWanted = true;
    const ours = new Proxy(before.value, {
      apply(theirs, self, args) {
        const result = apply(theirs, self, args);
        if (isWanted) attempt(() => called(name));
        return result;
      },
    });
    Object.defineProperty(holder, name, { ...before, value: ours });
    return () => {
      // Somebody may have wrapped ours, which then only passes on.
      isWanted = false;
      if (Object.getOwnPropertyDescriptor(holder, name)?.value === ours) Object.defineProperty(holder, name, before);
    };
  };

  return (on) => {
    // A page may have frozen it.
    if (on) unwrap ??= attempt(wrap) ?? undefined;
    else {
      attempt(() => unwrap?.());
      unwrap = undefined;
    }
  };
}
