/** The wasm-bindgen glue of src/wasm; the build resolves this name to it. js/core.ts is what the shim works with. */
declare module "tidegate-wasm" {
  /** What the core calls back. It never throws. */
  export interface Host {
    /**
     * The payload is JSON text, or empty: `error` Problem, `consent` ConsentState, `flushed`, `forgotten`,
     * `erase` (what waits outside of the core's own pages: 1 where there may well be something), `renew` (of that, what is denied goes), `consent-hint` (another tab changed consent), `reload` (a tag's ID),
     * `plugins` (see src/core/runtime/plugins/part.rs).
     */
    notify(name: string, payload: string): void;
    /** Milliseconds on a clock that only goes forward. */
    mono(): number;
    /** Wakes the core after so many milliseconds, and for nothing it asked for before; negative: not at all. */
    timer(ms: number): void;
    /** Has the core commit at the end of the running microtask. */
    commit(): void;
    /** Loads a part of the core, `tags`, `delivery` or `strings`. It is told, not at once, when it is there or will not be. */
    part(name: string): void;
    /** Takes a Web Lock for as long as the page lives. Whether it was taken is told, not at once. */
    lock(name: string, hold: number): void;
    /** Tells the other tabs of the site. */
    post(message: string): void;
    /** Posts a batch; one that `outlives` the page is small. Its end is told, not at once, unless it is aborted. */
    send(request: number, url: string, body: string, outlives: boolean): void;
    abort(request: number): void;
    /** Sets a first-party cookie; a lifetime of 0 seconds deletes it. */
    cookie(name: string, value: string, maxAge: number): void;
    /** Does something for tags, a JSON list: see js/tags.ts. What it answers, likewise, is theirs to hear; empty for nothing. */
    page(what: string): string;
    /** What consent platforms say that was not told yet: a line each, its source, a space and the reading. */
    signals(): string;
  }

  /**
   * Takes local storage, where the instance may use it, and the environment, which is one line, a line break, and the config. Returns the number that the other
   * functions call the core by; 0 for a config at fault.
   */
  export function start(host: Host, storage: Storage | undefined, text: string): number;
  export function call(core: number, verb: number, args: string, wall: number): number;
  export function tell(core: number, what: number, text: string): void;
  export function ask(core: number, what: number, of: string): string | undefined;

  /** What the wasm imports. */
  export function imports(): WebAssembly.Imports;
  /** Makes an instance the one the functions above work with. */
  export function run(instance: WebAssembly.Instance): void;
}

/** The core as JavaScript, and its glue: js/scripts/build/fallback.mjs. */
declare module "tidegate-fallback" {}
declare module "tidegate-fallback-glue" {
  export { ask, call, start, tell } from "tidegate-wasm";
  /** Makes a core the one the functions above work with. */
  export function __wbg_set_wasm(core: object): void;
}
