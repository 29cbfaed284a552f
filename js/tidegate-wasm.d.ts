/** The wasm-bindgen glue of src/wasm; the build resolves this name to it. */
declare module "tidegate-wasm" {
  /** What the core calls back. It never throws. */
  export interface Host {
    /** `error` Problem, `consent` ConsentState, `flushed`, `forgotten`, `consent-hint` (another tab changed consent). */
    notify(name: string, payload: unknown): void;
    /** Calls a vendor global with JSON array text as its arguments; false where it is missing or threw. */
    invoke(path: string, args: string): boolean;
  }

  /** Texts are JSON, times milliseconds since the Unix epoch. Any exception out of a method is a trap. */
  export class Core {
    /** undefined for a config at fault, after an `error` for each fault. */
    static start(host: Host, config: string, env: string, seed: Uint8Array): Core | undefined;
    /** Page facts for the calls that follow. */
    page(facts: string): void;
    /** Returns the capture number; 0 for a refused call, after an `error`. */
    call(verb: number, args: string, wall: number): number;
    /** The finished event of an earlier call, from what that call passed. */
    event(capture: number, verb: number, args: string, wall: number): string | undefined;
    consentSet(purposes: string, explicit: boolean): void;
    /** A consent platform's reading: see js/cmp/index.ts. */
    signal(source: string, text: string): void;
    consent(): import("./tidegate.d.ts").ConsentState;
    stats(): import("./tidegate.d.ts").Stats;
    explain(messageId?: string): import("./tidegate.d.ts").Decision[];
    dataPush(json: string): void;
    dataGet(path: string): string | undefined;
    dataSnapshot(): string;
    user(): string;
    group(): string;
    setAnonymousId(id: string): void;
    reset(): void;
    report(code: string, message: string): void;
    /** `flushed` follows. */
    flush(): void;
    forget(): void;
  }

  /** Instantiates the wasm: streaming where the response's MIME type allows it, from its bytes otherwise. */
  export default function init(input: { module_or_path: Promise<Response> }): Promise<unknown>;
}
