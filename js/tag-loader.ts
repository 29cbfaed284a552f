import type { Host } from "tidegate-wasm";
import type { CoreLink } from "./core-link";

/**
 * Puts scripts and pixels of an instance's tags on the page, and fetches their templates, which lie below `base`; a template that
 * did not come is empty.
 */
export function createTagLoader(link: CoreLink, base: string): Pick<Host, "load" | "unload" | "template"> {
  /** Pixels under way, by tag. */
  const pixels: Record<number, HTMLImageElement[]> = {};

  const pixel = (tag: number, url: string) => {
    const image = new Image();
    pixels[tag] = [...(pixels[tag] ?? []), image];
    image.onload = image.onerror = () => {
      pixels[tag] = pixels[tag]?.filter((other) => other !== image) ?? [];
    };
    image.src = url;
  };

  return {
    load(tag, url, isScript) {
      const told = (ok: boolean) => () => link.run((core) => core.loaded(tag, ok));
      try {
        if (!isScript) return pixel(tag, url);
        if (!url) throw url;
        const script = document.createElement("script");
        script.onload = told(true);
        script.onerror = told(false);
        script.src = trust(url) as string;
        document.head.append(script);
      } catch {
        // The core is on the stack.
        queueMicrotask(told(false));
      }
    },
    template(tag, name) {
      const read = async () => {
        const response = await fetch(`${base}templates/${name}.json`);
        return response.ok ? response.text() : "";
      };
      const told = (text: string) => link.run((core) => core.template(tag, text));
      read().then(told, () => told(""));
    },
    unload(tag) {
      // The browser begins a pixel's request only after the task that asked for it: without an address it does not.
      for (const image of pixels[tag] ?? []) image.src = "";
      delete pixels[tag];
    },
  };
}

interface Policy {
  createScriptURL(url: string): unknown;
}
interface Factory {
  createPolicy(name: string, rules: Policy): Policy;
}

let policy: Policy | undefined;

/**
 * A script's address with the page's trust, from the Trusted Types policy `tidegate`: one for all instances, since a page
 * may forbid a second of that name. The core has checked the address, whose host stands in the config.
 */
function trust(url: string): unknown {
  try {
    const factory = (window as { trustedTypes?: Factory }).trustedTypes;
    policy ??= factory?.createPolicy("tidegate", { createScriptURL: String });
    return policy ? policy.createScriptURL(url) : url;
  } catch {
    // The page does not allow the policy: its own rules judge the plain address.
    return url;
  }
}
