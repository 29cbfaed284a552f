// What the page does for tags, as a module of its own: `tidegate.tags.js` puts scripts, pixels and frames on the page, does the steps of templates, reads
// what variables ask for, and looks out for what triggers wait for.

import type { Host } from "tidegate-wasm";
import type { Around } from "./boot";
import { createFrames, createPixels, putScript } from "./elements";
import type { Instance } from "./instance";
import { readPage } from "./page-reads";
import { doStep } from "./steps";
import { createTriggers } from "./triggers";

/** What the first load knows of this file. */
export type Tags = typeof import("./tags");

/** What the core asks for, by its first word, none of which the build renames; the answer, if there is one, is told to it at once. `src/core/tags/hear.rs` has the other side. */
// biome-ignore lint/suspicious/noExplicitAny: the core's JSON.
type Commands = Record<string, (...given: any[]) => unknown[] | undefined>;

/** Gives the host what tags ask for. `base` is the folder of templates/. */
export function open({ link, analytics, explain }: Around, base: string, instance: Instance): Pick<Host, "page"> {
  instance.isPrompt = true;
  const say = (...said: unknown[]) => link.run((core) => core.tags(JSON.stringify(said)));
  const pixels = createPixels();
  const frames = createFrames();
  const triggers = createTriggers((kind, facts, seenFor) => say("seen", kind, facts, seenFor));
  const waits: Record<number, () => void> = {};
  let watches = 0;
  const cookie = (name: string) => readPage([`cookie ${name}`])[0] as string | null;

  const commands: Commands = {
    template(slot, name) {
      const read = async () => {
        const response = await fetch(`${base}templates/${name}.json`);
        return response.ok ? response.text() : null;
      };
      read()
        .catch(() => null)
        .then((text) => say("template", slot, text));
      return;
    },
    load: (number, tag) => void putScript(tag, (ok) => say("loaded", number, ok)),
    pixel: (tag, url) => void pixels.put(tag, url),
    unload(tag) {
      pixels.takeBack(tag);
      frames.takeBack(tag);
      return;
    },
    frame: (tag, html) => void frames.put(tag, html),
    step(tag, step) {
      if (step.pixel) return void pixels.put(tag, step.pixel);
      if (step.data) return void link.visit(() => analytics.data.push(step.data));
      const fault = link.visit(() => doStep(step, cookie));
      return fault ? ["failed", tag, fault] : undefined;
    },
    end: (tag, ticket) => ["end", tag, ticket],
    read: (wanted) => ["answers", link.visit(() => readPage(wanted))],
    listen(wanted) {
      try {
        link.visit(() => triggers.listen(wanted));
      } finally {
        // After what was told of what is past.
        say("listening");
      }
      return;
    },
    done(watch) {
      const then = waits[watch];
      delete waits[watch];
      if (then) link.visit(then);
      return;
    },
    faults: () =>
      void explain().then((problems) =>
        problems.forEach(({ code, message, where }) => {
          instance.report(code, `${where} ${message}. No tag runs.`);
        }),
      ),
  };

  instance.fired = (done) => {
    waits[++watches] = done;
    say("watch", watches);
  };

  return {
    page(what) {
      try {
        const [word, ...given] = JSON.parse(what);
        const answer = commands[word]?.(...given);
        return answer ? JSON.stringify(answer) : "";
      } catch {
        // A page may have put objects of its own in place of the browser's.
        return "";
      }
    },
  };
}
