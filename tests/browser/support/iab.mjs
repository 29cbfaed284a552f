/** The reference libraries of the IAB as a page embeds them, and the adapters beside them: what is told the core is in `window.signals`. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { bundled } from "./bundled.mjs";

const root = fileURLToPath(new URL("../../..", import.meta.url));

/** Sets `TcfApi` and `GppApi`. */
export const libraries = await bundled(`
  import { CmpApi as TcfApi } from "@iabtechlabtcf/cmpapi";
  import { CmpApi as GppApi } from "@iabgpp/cmpapi";
  Object.assign(window, { TcfApi, GppApi });
`);

export const tcfStub = readFileSync(`${root}/node_modules/@iabtechlabtcf/stub/lib/stub.js`, "utf8");

/** What GPP's specification asks of a stub; the IAB's own is not published. */
export const gppStub = `
  const queue = [];
  window.__gpp = (...args) => {
    if (args.length === 0) return queue;
    const [command, call] = args;
    if (command === "ping") call({ gppVersion: "1.1", cmpStatus: "stub", signalStatus: "not ready" }, true);
    else queue.push(args);
  };
  const frame = document.createElement("iframe");
  frame.name = "__gppLocator";
  frame.hidden = true;
  document.documentElement.append(frame);
  addEventListener("message", ({ data, source }) => {
    const call = data?.__gppCall;
    const reply = (returnValue, success) => source.postMessage({ __gppReturn: { returnValue, success, callId: call.callId } }, "*");
    if (call) window.__gpp(call.command, reply, call.parameter, call.version);
  });
`;

/** Listens as the SDK does. */
export const listener = await bundled(`
  import { listen } from "./js/cmp/index";
  import * as adapters from "./js/cmp";
  window.signals = [];
  listen((source, text) => window.signals.push([source, JSON.parse(text)]), () => true, async () => adapters, console.error);
`);

/** @param {"tcf" | "gpp"} kind @returns {string} strings that the same libraries have encoded */
export const encoded = (kind) =>
  JSON.parse(readFileSync(`${root}/tests/vectors/consent-strings.json`, "utf8"))[kind].map(
    (/** @type {any} */ one) => one.string,
  );
