import type { Front } from "./front";
import type { Layer } from "./layer";

/** What stays on the page: its own array, whose `push` is heard. */
type Page = Record<string, unknown>;

/**
 * `window.dataLayer`, and `gtag()` where the page has none: https://developers.google.com/tag-platform/tag-manager/datalayer. Returns what replays the history.
 * Others may put theirs around `push`, before or after: it stays the page's.
 */
export function openDataLayer(front: Front, layer: Layer, { name = "dataLayer" }: { name?: string }): () => void {
  const page = window as unknown as Page;
  if (page[name] === undefined) page[name] = [];
  const list = page[name] as unknown[];
  if (!Array.isArray(list)) throw new TypeError(`window.${name} is no array`);
  const history = [...list];
  const { push } = list;
  list.push = (...messages) => {
    try {
      return push.apply(list, messages);
    } finally {
      layer.take(messages);
    }
  };
  page.gtag ??= function gtag() {
    // biome-ignore lint/complexity/noArguments: a command is the arguments object itself.
    list.push(arguments);
  };
  oneOrder(front, layer);
  return () => layer.enter(history);
}

/** What `analytics.data.push` is given takes the same way, and what it gives is the same model, whichever core it is that would have had it. */
function oneOrder({ instance, within }: Front, layer: Layer): void {
  const { start } = instance;
  instance.start = (make, config) =>
    start((host) => {
      const core = make(host);
      if (!core) return;
      const { data, dataPush, snapshot } = core;
      core.data = (path) => layer.seen(path, data(path));
      core.snapshot = () =>
        Object.fromEntries(Object.entries(snapshot()).filter(([key, value]) => layer.seen(key, value) !== undefined));
      core.dataPush = (text, message) => {
        if (message === undefined) dataPush(text);
        else within(core, "analytics.data.push()", () => layer.enter([message]));
      };
      return core;
    }, config);
}
