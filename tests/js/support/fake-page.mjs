/** A page made of the few browser parts the shim touches, in a context of its own. */

import { setImmediate } from "node:timers/promises";
import vm from "node:vm";
import { load } from "./bundle.mjs";

/** The element a test makes of it; the shim asks `instanceof Element`. */
class FakeElement extends EventTarget {
  constructor(attributes = {}) {
    super();
    Object.assign(this, { attributes, isConnected: true, dataset: {}, src: "" });
  }
  getAttribute(name) {
    return this.attributes[name] ?? null;
  }
}

const plain = (value) => (value === undefined ? undefined : JSON.parse(JSON.stringify(value)));

/**
 * @param {object} [options]
 * @param {Record<string, string>} [options.data] data attributes of the script tag
 * @param {Record<string, { status?: number, body?: string } | Error>} [options.files] by URL; anything else is a 404
 * @param {string} [options.wasmType] the MIME type wasm is served with
 * @param {Record<string, unknown>} [options.globals] more globals
 */
export function fakePage({ data = {}, files, wasmType = "application/wasm", globals = {} } = {}) {
  const served = files ?? {
    "https://shop.test/sdk/tidegate.json": { body: "{}" },
    "https://shop.test/sdk/tidegate_bg.wasm": { body: "wasm" },
    "https://shop.test/sdk/tidegate_tags_bg.wasm": { body: "wasm" },
    "https://shop.test/sdk/tidegate_explain_bg.wasm": { body: "wasm" },
    "https://shop.test/sdk/tidegate_plugins_bg.wasm": { body: "wasm" },
    "https://shop.test/sdk/tidegate_delivery_bg.wasm": { body: "wasm" },
  };
  const errors = [];
  const timers = [];
  const links = [];
  const document = Object.assign(new EventTarget(), {
    title: "Shop",
    referrer: "https://search.test/",
    cookie: "",
    visibilityState: "visible",
    currentScript: Object.assign(new FakeElement(), { src: "https://shop.test/sdk/tidegate.js", dataset: data }),
    head: { getElementsByTagName: () => links },
    querySelector: () => links[0] ?? null,
  });
  const events = new EventTarget();
  const sandbox = {
    document,
    location: new URL("https://shop.test/cart?step=1#top"),
    navigator: { userAgent: "test", language: "en", globalPrivacyControl: true },
    crypto,
    URL,
    URLSearchParams,
    Event,
    Request,
    Element: FakeElement,
    CustomEvent,
    WebAssembly: {
      instantiate: (bytes) => instantiate(bytes),
    },
    queueMicrotask,
    setTimeout: (call, ms = 0, ...args) => timers.push({ call: () => call(...args), ms }),
    console: { ...console, error: (...args) => errors.push(args.join(" ")), warn: () => {} },
    addEventListener: events.addEventListener.bind(events),
    dispatchEvent: events.dispatchEvent.bind(events),
    fetch: async (url) => {
      const file = served[String(url)] ?? { status: 404 };
      if (file instanceof Error) throw file;
      const { status = 200, body = "" } = file;
      const headers = new Headers({ "Content-Type": String(url).endsWith(".wasm") ? wasmType : "application/json" });
      const arrayBuffer = async () => new TextEncoder().encode(body).buffer;
      return { ok: status < 300, status, headers, text: async () => body, arrayBuffer };
    },
    coreLog: [],
    coreAnswers: {},
    ...globals,
  };
  const compiled = [];
  async function instantiate(source) {
    compiled.push(source);
    await sandbox.coreAnswers.init?.(source);
    return { instance: { exports: {} } };
  }
  const context = vm.createContext(sandbox);
  // A module lives outside the page's context here: it gets the page's window under another name.
  const importing = [];
  sandbox.importPart = (url) => {
    const [, part] = /tidegate\.(\w+)\.js(?:\?\d+)?$/.exec(url);
    globalThis.pageOfParts = sandbox.window;
    const names = ["window", "document", "location", "localStorage", "Element", "console", "addEventListener"];
    // One that has a core of its own starts it as the page does.
    if (part === "again") names.push("fetch", "WebAssembly");
    const define = Object.fromEntries(names.map((name) => [name, `pageOfParts.${name}`]));
    const module = load(`${part}.ts`, { ...define, globalThis: "pageOfParts" });
    importing.push(module);
    return module;
  };
  sandbox.window = vm.runInContext("globalThis", context);

  return {
    /** The page's globals. */
    window: sandbox,
    document,
    links,
    Element: FakeElement,
    /** What was written with console.error. */
    errors,
    /** What wasm was made of: bytes. */
    compiled,
    /** Timers set and not run: `{ call, ms }`. */
    timers,
    run: (source) => vm.runInContext(source, context),
    /** Lets promises settle. */
    settle: async () => {
      for (let i = 0; i < 5; i++) await setImmediate();
      // A module may ask for another.
      while (importing.length > 0) {
        await Promise.allSettled(importing.splice(0));
        for (let i = 0; i < 5; i++) await setImmediate();
      }
    },
    /** What the core was handed, without the named methods. */
    core: (...without) => plain(sandbox.coreLog.filter(([name]) => !without.includes(name))),
    plain,
  };
}
