import { neutralConsent } from "../neutral";
import type { ConsentState } from "../tidegate.d.ts";
import type { Kit, Method, Methods } from "./kit";

export function consentMethods(kit: Kit): Methods {
  const { link, emitter } = kit;
  const get = (): ConsentState =>
    link.state() === "failed" ? neutralConsent("error") : link.ask((core) => core.consent(), kit.consent());
  return {
    "consent.get": get,
    "consent.set"(purposes, options) {
      const text = kit.json("consent.set", purposes);
      const explicit = (options as { explicit?: unknown } | null | undefined)?.explicit !== false;
      link.run((core) => {
        core.consentSet(text, explicit);
        kit.early.had();
      });
      // Calls before it may have ended the core.
      if (link.state() === "loading") kit.early.decide(text);
      return get();
    },
    async "consent.receipts"() {
      await kit.self.ready();
      await kit.deliver?.();
      return link.ask((core) => core.receipts(), []) ?? [];
    },
    "consent.on"(listener) {
      emitter.on("consent", listener as Method);
      return () => emitter.off("consent", listener);
    },
  };
}
