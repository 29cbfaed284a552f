import { type Adapter, UNDECIDED, UNHEARD } from "./adapter";
import { answer, cookie, onFirstSight } from "./support";

/** https://github.com/boscop-fr/orejime#readme */
interface Instance {
  config: { cookie?: { name?: string; parse?(text: string): Record<string, unknown> } };
  manager: {
    getAllConsents(): Record<string, unknown>;
    /** Whether a purpose waits for an answer. */
    isDirty(): boolean;
    on(event: "dirty" | "clear", call: () => void): void;
  };
}

/** Orejime 3: a category is a purpose's ID. The manager lists defaults, and so does its cookie for a moment of `clearConsents`. */
export function orejime(): Adapter {
  let tell = () => {};
  const subscribe = onFirstSight(({ manager }: Instance) => {
    // Not `update`, which comes before the manager knows whether that was an answer.
    manager.on("dirty", () => tell());
    manager.on("clear", () => tell());
  });

  return {
    source: "orejime",
    read() {
      const page = window as { orejime?: Partial<Instance> };
      if (!page.orejime) return undefined;
      if (!page.orejime?.manager) return UNHEARD;
      const { config, manager } = page.orejime as Instance;
      subscribe(page.orejime as Instance);
      const { name = "eu-consent", parse = JSON.parse } = config?.cookie ?? {};
      const stored = parse(cookie(name) ?? "null");
      const purposes = Object.keys(manager.getAllConsents());
      if (!stored || manager.isDirty() || !purposes.every((id) => typeof stored[id] === "boolean")) return UNDECIDED;
      return answer(Object.fromEntries(purposes.map((id) => [id, stored[id]])));
    },
    watch(changed) {
      tell = changed;
    },
  };
}
