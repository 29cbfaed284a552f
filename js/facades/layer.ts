import type { Front } from "./front";
import { createGtag } from "./gtag";
import { expanded } from "./merge";
import { createModel } from "./model";
import { copied, isArguments, isPlain, type Tree } from "./plain";

/** Directions and Google's own facts: no part of an event. */
const LEFT_OUT = /^(event|eventCallback|eventTimeout|_clear|gtm\..*)$/;

const PUSH = "dataLayer.push()";

/** One queue for the messages of all front doors. */
export interface Layer {
  /** Messages in their turn. */
  take(messages: readonly unknown[]): void;
  /** The same within a turn that has come: where a message is at work, they wait until it is done. */
  enter(messages: readonly unknown[]): void;
  /** Merges at once, also where a message is at work that has made this call. */
  merge(message: Tree): void;
  /** What the core holds at a path, as messages see it. */
  seen(path: string, stored: unknown): unknown;
}

export function createLayer(front: Front): Layer {
  const { instance, own } = front;
  const { link, report } = instance;
  const waiting: unknown[] = [];
  let isRunning = false;

  const fault = (what: string) => {
    report("unserializable", `${PUSH}: a value is ${what}; a placeholder took its place. Push JSON.`);
  };
  const model = createModel(
    {
      dataPush: (text) => link.run((core) => core.dataPush(text)),
      data: (path) => link.ask((core) => core.data(path), undefined),
      snapshot: () => link.ask((core) => core.snapshot(), {}),
    },
    fault,
  );

  const happened = (name: unknown, properties: Tree, callback: unknown, ms: unknown) => {
    if (typeof name !== "string" || !name || name.startsWith("gtm.")) return;
    model.save();
    own.track(name, properties);
    front.afterwards(callback, ["tidegate"], ms);
  };

  const command = createGtag(front, {
    merge: (message) => model.merge(copied(message, fault) as Tree),
    happened,
    read: model.page.get,
  });

  const process = (message: unknown) => {
    if (typeof message === "function") message.call(model.page);
    else if (Array.isArray(message)) model.call(message);
    else if (isArguments(message)) command(message);
    else if (isPlain(message)) {
      const copy = copied(message, fault) as Tree;
      model.merge(copy);
      const { event, eventCallback, eventTimeout } = copy;
      const rest = Object.fromEntries(Object.entries(copy).filter(([key]) => !LEFT_OUT.test(key)));
      happened(event, expanded(rest), eventCallback, eventTimeout);
    }
  };

  const enter = (messages: readonly unknown[]) => {
    for (const message of messages) waiting.push(message);
    if (isRunning) return;
    isRunning = true;
    // What is pushed meanwhile joins the end of the list being walked.
    for (const message of waiting) {
      front.guarded(called(message), () => {
        model.open();
        try {
          process(message);
        } finally {
          model.save();
        }
      });
    }
    waiting.length = 0;
    isRunning = false;
  };

  return {
    take: (messages) =>
      front.turn(
        PUSH,
        () => enter(messages),
        () => {
          for (const message of messages) answer(front, message);
        },
      ),
    enter,
    seen: model.seen,
    merge(message) {
      if (!isRunning) model.open();
      model.merge(copied(message, fault) as Tree);
      model.save();
    },
  };
}

/** How a report names a message. */
function called(message: unknown): string {
  try {
    const [name] = Array.isArray(message) ? message : [];
    return typeof name === "string" ? `dataLayer.push(${JSON.stringify([name.slice(0, 100)])})` : PUSH;
  } catch {
    return PUSH;
  }
}

/** Where there will be no core, a page that goes on in its callback still does. */
function answer(front: Front, message: unknown): void {
  front.guarded(PUSH, () => {
    const { 0: command, 2: parameters } = isArguments(message) ? message : [];
    const { eventCallback, event_callback } = Object(command === "event" ? parameters : message);
    front.afterwards(eventCallback ?? event_callback, ["tidegate"]);
  });
}
