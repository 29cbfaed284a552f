import type { Context } from "../tidegate.d.ts";

/** Thrown by `ctx.cancel()`: no fault, but a decision. */
export class Cancellation extends Error {}

type Event = NonNullable<Context["event"]>;
type Log = { level: string; message: string; extras?: unknown; time: Date };

/** What plugins get of an event, and what its caller gets afterwards. */
export class PluginContext {
  event: Event;
  readonly id: string;
  attempts = 1;
  readonly stats = { increment() {}, gauge() {}, flush() {}, metrics: [] };
  private readonly kept: Log[] = [];
  private failure: unknown;

  constructor(event: Event) {
    this.event = event;
    this.id = String(event.messageId);
  }

  /** Sets the value at a path such as `properties.total`. An integration that is switched off stays off. */
  updateEvent(path: string, value: unknown): Event {
    const [first = "", ...rest] = path.split(".");
    const integrations = (this.event as { integrations?: Record<string, unknown> }).integrations;
    if (first === "integrations" && integrations?.[rest[0] ?? ""] === false) return this.event;
    const keys = [first, ...rest];
    if (keys.some((key) => /^(__proto__|constructor|prototype)$/.test(key))) return this.event;
    let at = this.event as unknown as Record<string, unknown>;
    for (const [place, key] of keys.slice(0, -1).entries()) {
      const next = at[key];
      // As analytics.js has it, a number behind what is not there makes a list of it.
      const fresh = /^\d+$/.test(keys[place + 1] ?? "") ? [] : {};
      at[key] = typeof next === "object" && next !== null ? next : fresh;
      at = at[key] as Record<string, unknown>;
    }
    at[keys[keys.length - 1] ?? ""] = value;
    return this.event;
  }

  cancel(error?: unknown): never {
    throw error ?? new Cancellation("cancelled");
  }

  log(level: string, message: string, extras?: unknown): void {
    this.kept.push({ level, message, extras, time: new Date() });
  }

  logs(): Log[] {
    return this.kept;
  }

  flush(): void {
    this.kept.length = 0;
  }

  isSame(other: { id?: unknown }): boolean {
    return other.id === this.id;
  }

  failedDelivery(): unknown {
    return this.failure;
  }

  setFailedDelivery(failure: unknown): void {
    this.failure = failure;
  }

  toJSON() {
    return { id: this.id, event: this.event, logs: this.kept, metrics: [] };
  }
}
