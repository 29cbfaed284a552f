/**
 * A stand-in for the wasm core: it notes what the shim hands it in `globalThis.coreLog` and answers from
 * `globalThis.coreAnswers`. It decides nothing; the real core's behaviour is tested in Rust and end to end.
 */
export const imports = () => ({ a: {} });

export function run(instance) {
  if (!instance) throw new Error("the instance is missing");
}

const pair = (text) => text.split(/ (.*)/s, 2);
const one = (text) => [text];
const none = () => [];

/** By number, as in js/core.ts: the name, and what the text says. */
const TELL = [
  ["page", one],
  ["signal", pair],
  ["consentSet", (text) => [text, true]],
  ["consentSet", (text) => [text, false]],
  ["dataPush", one],
  ["identity", one],
  ["reset", none],
  ["report", pair],
  ["flush", none],
  ["forget", none],
  ["identifyUser", one],
  ["identifyGroup", one],
  ["hold", one],
  ["plugins", one],
  ["answered", (text) => text.split(/\n(.*)/s, 2)],
  ["tags", one],
  ["locked", pair],
  ["part", pair],
  ["adopt", pair],
  ["message", one],
  ["live", one],
  ["commit", none],
  ["wake", none],
];
const ASK = [
  ["consent", none],
  ["stats", none],
  ["explain", none],
  ["explain", one],
  ["user", none],
  ["group", none],
  ["snapshot", none],
  ["data", one],
  [
    "event",
    (text) => {
      const [, head, args] = /^(.*)\n(.*)$/s.exec(text);
      const [capture, verb, wall] = JSON.parse(head);
      return [capture, verb, args, wall];
    },
  ],
  ["faults", one],
  ["receipts", none],
];

const ANSWERS = {
  call: () => globalThis.coreLog.filter(([name]) => name === "call").length,
  consent: () => ({ rev: 1, status: "ready", purposes: { analytics: "granted" } }),
  stats: () => ({ captured: 1, errors: {} }),
  explain: () => [],
  user: () => ({ id: null, anonymousId: null, traits: {} }),
  group: () => ({ id: null, traits: {} }),
  snapshot: () => ({}),
  flush: () => globalThis.coreHost.notify("flushed", ""),
  // As the core does: a report is counted and told.
  report: (code, message) => globalThis.coreHost.notify("error", JSON.stringify({ code, message })),
};

export function start(host, storage, given) {
  globalThis.coreStorage = storage;
  globalThis.coreHost = host;
  const [, env, config] = /^(.*)\n(.*)$/s.exec(given);
  note("start", config, env, JSON.parse(env).seed.length);
  const { start } = globalThis.coreAnswers ?? {};
  return start ? (start(host) ?? 0) : 1;
}

export const call = (_, ...args) => answer("call", args);

export function tell(_, what, given) {
  const [name, said] = TELL[what];
  answer(name, said(given));
}

export function ask(_, what, given) {
  const [name, said] = ASK[what];
  return text(answer(name, said(given)));
}

const text = (value) => (value === undefined ? undefined : JSON.stringify(value));

function answer(name, args) {
  note(name, ...args);
  return (globalThis.coreAnswers?.[name] ?? ANSWERS[name])?.(...args);
}

function note(...entry) {
  globalThis.coreLog ??= [];
  globalThis.coreLog.push(entry);
}
