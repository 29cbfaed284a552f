import type { Front } from "./front";
import { isPlain, type Tree } from "./plain";

/** What its commands do things with. */
interface Means {
  /** Merges a message of the page into the data layer. */
  merge(message: Tree): void;
  /** Makes an event of it, unless it is one of Google's own. */
  happened(name: unknown, properties: Tree, callback: unknown, ms: unknown): void;
  read(path: string): unknown;
}

type Command = (first: unknown, second: unknown, third: unknown) => void;

/** What a `config` says of the page, and what a page call has it as. */
const PAGE = { page_location: "url", page_path: "path", page_title: "title", page_referrer: "referrer" };

/** Carries out calls of `gtag()`: https://developers.google.com/tag-platform/gtagjs/reference */
export function createGtag(front: Front, { merge, happened, read }: Means): (call: ArrayLike<unknown>) => void {
  const { own } = front;
  /** Which of several `config`s makes the page views: a visit of a page is one, to however many of Google's products it is told. */
  let main: unknown;

  const commands: Record<string, Command> = {
    event(name, parameters) {
      const { event_callback, event_timeout, ...properties } = isPlain(parameters) ? parameters : ({} as Tree);
      // Parameters of an event before this one are not its own.
      merge({ event: name, eventModel: properties, _clear: true });
      happened(name, properties, event_callback, event_timeout);
    },
    set: (key, value) => merge(isPlain(key) ? key : { [String(key)]: value }),
    config(target, parameters) {
      const { user_id, send_page_view, ...about } = isPlain(parameters) ? parameters : ({} as Tree);
      if (typeof user_id === "string" || typeof user_id === "number") own.identify(String(user_id));
      if (send_page_view === false) return;
      main ??= target;
      const page = Object.entries(PAGE).filter(([name]) => typeof about[name] === "string");
      const properties = Object.fromEntries(page.map(([name, property]) => [property, about[name] as string]));
      if (main === target) page.length > 0 ? own.page(undefined, properties) : own.page();
    },
    get(_target, field, callback) {
      const value = field === "client_id" ? own.user().anonymousId() : read(String(field));
      if (typeof callback === "function")
        front.guarded("gtag(get)", () => callback(value ?? undefined), "listener_failed");
    },
    // The consent adapter hears this one itself.
    consent() {},
    js() {},
  };
  const known = new Map(Object.entries(commands));

  return ({ 0: name, 1: first, 2: second, 3: third }) => {
    const command = known.get(String(name));
    if (!command) throw new TypeError(`gtag has no command ${String(name)}`);
    command(first, second, third);
  };
}
