/** A script as a template asks for it. */
export interface ScriptTag {
  src: string;
  attributes: Record<string, string>;
  module?: boolean;
}

/** Puts a script on the page. `told` hears, not at once, whether it ran. */
export function putScript({ src, attributes, module }: ScriptTag, told: (ok: boolean) => void): void {
  try {
    if (!src) throw src;
    const script = document.createElement("script");
    script.onload = () => told(true);
    script.onerror = () => told(false);
    for (const [name, value] of Object.entries(attributes)) script.setAttribute(name, value);
    if (module) script.type = "module";
    script.src = trust("createScriptURL", src);
    document.head.append(script);
  } catch {
    // The core is on the stack.
    queueMicrotask(() => told(false));
  }
}

/** What a tag puts on the page and a withdrawal takes off it. */
interface Elements {
  put(tag: number, what: string): void;
  takeBack(tag: number): void;
}

/** Frames of an opaque origin, each of a text of HTML: it sees neither this page nor what is stored here. */
export function createFrames(): Elements {
  const frames: Record<number, HTMLIFrameElement[]> = {};
  return {
    put(tag, html) {
      const frame = document.createElement("iframe");
      frame.setAttribute("sandbox", "allow-scripts");
      frame.style.cssText = "border:0;width:0;height:0;position:absolute";
      frame.srcdoc = trust("createHTML", html);
      document.body.append(frame);
      frames[tag] = [...(frames[tag] ?? []), frame];
    },
    takeBack(tag) {
      // What runs in a frame ends with it.
      for (const frame of frames[tag] ?? []) frame.remove();
      delete frames[tag];
    },
  };
}

/** Images that only make requests. */
export function createPixels(): Elements {
  /** Those under way, by tag. */
  const pixels: Record<number, HTMLImageElement[]> = {};
  return {
    put(tag, url) {
      const image = new Image();
      pixels[tag] = [...(pixels[tag] ?? []), image];
      image.onload = image.onerror = () => {
        pixels[tag] = pixels[tag]?.filter((other) => other !== image) ?? [];
      };
      image.src = url;
    },
    takeBack(tag) {
      // The browser begins a pixel's request only after the task that asked for it: without an address it does not.
      for (const image of pixels[tag] ?? []) image.src = "";
      delete pixels[tag];
    },
  };
}

type Policy = Record<"createScriptURL" | "createHTML", (text: string) => string>;
interface Factory {
  createPolicy(name: string, rules: Policy): Policy;
}

let policy: Policy | undefined;

/**
 * A script's address, or a frame's text, with the page's trust, from the Trusted Types policy `tidegate`: one for all instances, since a page
 * may forbid a second of that name. The core has checked the address, whose host stands in the config; the text goes to a frame without an origin only.
 */
function trust(kind: keyof Policy, text: string): string {
  try {
    const factory = (window as { trustedTypes?: Factory }).trustedTypes;
    policy ??= factory?.createPolicy("tidegate", { createScriptURL: String, createHTML: String });
    return policy ? policy[kind](text) : text;
  } catch {
    // The page does not allow the policy: its own rules judge the plain text.
    return text;
  }
}
