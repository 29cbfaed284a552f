/**
 * A stand-in for the wasm core: it notes what the shim hands it in `globalThis.coreLog` and answers from
 * `globalThis.coreAnswers`. It decides nothing; the real core's behaviour is tested in Rust and end to end.
 */
export default async function init({ module_or_path }) {
  const response = await module_or_path;
  await globalThis.coreAnswers?.init?.(response);
}

export function Core() {}

Core.start = (host, config, env, seed) => {
  globalThis.coreHost = host;
  note("start", config, env, seed.length);
  const { start } = globalThis.coreAnswers ?? {};
  return start ? start(host) : new Core();
};

const METHODS =
  "page call event consentSet signal consent stats explain dataPush dataGet dataSnapshot user group setAnonymousId reset report flush forget";
const ANSWERS = {
  call: () => globalThis.coreLog.filter(([name]) => name === "call").length,
  consent: () => ({ rev: 1, status: "ready", purposes: { analytics: "granted" } }),
  stats: () => ({ captured: 1, errors: {} }),
  explain: () => [],
  dataSnapshot: () => "{}",
  user: () => '{"id":null,"anonymousId":null,"traits":{}}',
  group: () => '{"id":null,"traits":{}}',
  flush: () => globalThis.coreHost.notify("flushed"),
  // As the core does: a report is counted and told.
  report: (code, message) => globalThis.coreHost.notify("error", { code, message }),
};

for (const name of METHODS.split(" "))
  Core.prototype[name] = (...args) => {
    note(name, ...args);
    return (globalThis.coreAnswers?.[name] ?? ANSWERS[name])?.(...args);
  };

function note(...entry) {
  globalThis.coreLog ??= [];
  globalThis.coreLog.push(entry);
}
