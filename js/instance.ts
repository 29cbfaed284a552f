import type { Host } from "tidegate-wasm";
import type { Guard } from "./api/kit";
import { type Load, listen } from "./cmp/index";
import type { Core } from "./core";
import { type CoreLink, createCoreLink } from "./core-link";
import { describe, sentence } from "./describe";
import { createEmitter, type Emitter } from "./emitter";
import { eraseUnsent } from "./erase";
import { neutralConsent } from "./neutral";
import { createNotices } from "./notices";
import type { ConsentState, Problem } from "./tidegate.d.ts";

/** What the core calls back from its start on; the rest is in js/around.ts, and in js/granted.ts, which comes with the first grant. */
export type PageHost = Pick<Host, "notify" | "signals" | "commit" | "mono" | "timer">;

/** What runs behind one public global: the link to the core, its listeners, and what went wrong so far. */
export interface Instance {
  link: CoreLink;
  /** What the names of all that it stores begin with. */
  space: string;
  emitter: Emitter;
  /** What consent platforms said so far, by source: the core is told as it starts, before silence could count as a yes. */
  platforms: Record<string, string>;
  /** Problems by code, for when there is no core to ask. */
  errors: Record<string, number>;
  /** The last consent the core told. */
  consent(): ConsentState;
  /** Counts a problem and tells the error listeners; where there is a core, that does. */
  report(code: string, message: string): void;
  /** Calls back when the core has flushed, or never will. */
  onFlushed(done: () => void): void;
  /** Starts the core and carries out what waited for it. False where the config is at fault: then it has to fail. */
  start(make: (host: PageHost) => Core | undefined, config: string): boolean;
  /** Whether the journal has a copy in IndexedDB, once something may be sent. */
  isCopied?(): boolean;
  /** Takes out of that copy what is for a destination that is denied. */
  renew?(): void;
  /** Hears of each state of consent before the page's listeners, whom the page may take away. */
  heard?(state: ConsentState): void;
  /** What comes before every call, once the core is there. */
  begin?(core: Core): void;
  /** Events' calls enter the core at once: tags read the page as it is then. */
  isPrompt?: true;
  /** Calls back once the tags are done that the last event fired. */
  fired?(done: () => void): void;
  /** Loads what sends, as soon as there is a core, whether it is needed or not. */
  deliver?(): Promise<void>;
  /** Gets another core in place of one that threw; there before the first. */
  revive?(error: unknown): void;
  /** How often one was asked for. */
  revivals?: number;
  /** What a method of the global becomes, where it is not what js/api/kit.ts makes of it. */
  guard?: Guard;
  /** Gives up: tells each problem, the first on the console too, and settles what waited. */
  fail(problems: Problem[], file?: string): void;
}

/** Says what a problem of the core means: see js/words.ts. */
export type Words = (code: string, said: string) => Promise<string>;

export function createInstance(words: Words, space: string, adapters: Load): Instance {
  const errors: Record<string, number> = {};
  const platforms: Record<string, string> = {};
  const flushing: (() => void)[] = [];
  let ended = false;
  let settled = false;
  let consent: ConsentState | undefined;
  let readConsent: ReturnType<typeof listen> = () => {};
  let timer: ReturnType<typeof setTimeout>;
  let wants = (_source: string) => false;

  const count = (code: string) => {
    errors[code] = (errors[code] ?? 0) + 1;
  };

  const emitter = createEmitter((name, error) => {
    // An error listener that throws is not called for that again.
    if (name === "error") count("listener_failed");
    else report("listener_failed", `A listener of "${name}" threw: ${describe(error)}`);
  });

  const notices = createNotices((name, payload) => {
    if (name === "consent-hint") readConsent();
    else if (name === "flushed") flushed();
    else if (name === "erase") eraseUnsent(space, payload);
    else if (name === "renew") instance.renew?.();
    else if (name === "forgotten") {
      eraseUnsent(space, true);
      instance.heard?.(neutralConsent("ready"));
      end();
    } else {
      if (name === "consent") instance.heard?.(payload as ConsentState);
      emitter.emit(name, payload);
    }
  });

  const flushed = () => {
    for (const done of flushing.splice(0)) done();
  };

  const end = () => {
    ended = true;
    flushed();
  };

  const notify = (name: string, payload?: unknown) => {
    if (name === "error") count((payload as Problem).code);
    if (name === "consent") consent = payload as ConsentState;
    notices.add(name, payload);
    link.soon();
  };

  const link = createCoreLink({
    idle: notices.deliver,
    trapped: (error) => instance.revive?.(error),
    overflowed: () => count("overflow"),
  });

  const report = (code: string, message: string) => {
    if (link.state() === "ready") link.run((core) => core.report(code, message));
    else notify("error", { code, message });
  };

  const fail = (problems: Problem[], file = "") => {
    for (const problem of problems) notify("error", problem);
    const { code, message, where } = problems[0] as Problem;
    const place = [file, where].filter(Boolean).join(" ");
    console.error(
      `[tidegate] ${code}${place && ` at ${place}`}: ${sentence(message)} Nothing is collected from here on.`,
    );
    end();
    link.fail();
    ready();
  };

  const ready = () => {
    if (!settled) for (const name of ["initialize", "ready"]) notify(name);
    settled = true;
  };

  const host: PageHost = {
    notify(name, payload) {
      const told = payload && JSON.parse(payload);
      if (told?.said === undefined) notify(name, told);
      else words(told.code, told.said).then((message) => notify(name, { code: told.code, message }));
    },
    mono: () => performance.now(),
    timer(ms) {
      clearTimeout(timer);
      if (ms >= 0) timer = setTimeout(() => link.run((core) => core.wake()), ms);
    },
    commit: () => void Promise.resolve().then(() => link.run((core) => core.commit())),
    signals() {
      let lines = "";
      readConsent((source, signal) => {
        lines += `${source} ${signal}\n`;
      });
      return lines;
    },
  };

  if (typeof document !== "undefined") {
    readConsent = listen(
      (source, signal) => {
        platforms[source] = signal;
        // A core that takes over is told what is said now, not what was said before.
        link.run((core) => core.signal(source, platforms[source] ?? signal));
      },
      (source) => wants(source),
      adapters,
      report,
    );
  } else {
    // On a server there is nothing to collect: calls are answered and forgotten.
    end();
    link.fail();
  }

  const instance: Instance = {
    link,
    space,
    emitter,
    platforms,
    errors,
    consent: () => consent ?? neutralConsent("pending"),
    report,
    onFlushed(done) {
      flushing.push(done);
      if (ended) flushed();
    },
    start(make, config) {
      const started = link.start(() => make(host));
      if (link.state() === "ready") {
        wants = wantedBy(config);
        readConsent();
        ready();
      }
      return started;
    },
    fail,
  };
  return instance;
}

/** Which platforms' adapters are worth fetching. Whose word counts is for the core to say. */
function wantedBy(config: string): (source: string) => boolean {
  const cmp: string | string[] = JSON.parse(config).consent?.cmp ?? "auto";
  return (source) =>
    cmp === "auto" ? source !== "google-consent-mode" || config.includes(`"${source}"`) : cmp.includes(source);
}
