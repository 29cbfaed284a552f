type Listener = (...args: never[]) => unknown;

/** Listeners by event name. What one of them throws goes to `failed` and touches no other. */
export interface Emitter {
  on(name: string, listener: Listener, once?: boolean): void;
  /** Without a listener: removes all of that name. */
  off(name: string, listener?: unknown): void;
  emit(name: string, ...args: unknown[]): void;
  /** Whether anybody listens. */
  hears(name: string): boolean;
}

export function createEmitter(failed: (name: string, error: unknown) => void): Emitter {
  let entries: { name: string; listener: Listener; once: boolean | undefined }[] = [];

  const keep = (wanted: (entry: (typeof entries)[number]) => boolean) => {
    entries = entries.filter(wanted);
  };

  return {
    on(name, listener, once) {
      if (typeof listener !== "function") throw new TypeError("the listener is no function");
      entries.push({ name, listener, once });
    },
    off(name, listener) {
      keep((entry) => entry.name !== name || (listener !== undefined && entry.listener !== listener));
    },
    hears: (name) => entries.some((entry) => entry.name === name),
    emit(name, ...args) {
      for (const entry of entries.filter((entry) => entry.name === name)) {
        if (entry.once) keep((other) => other !== entry);
        try {
          entry.listener(...(args as never[]));
        } catch (error) {
          failed(name, error);
        }
      }
    },
  };
}
