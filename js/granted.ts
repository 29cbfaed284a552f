// What the page does once consent allows something, as a module of its own: `tidegate.granted.js` sends batches and keeps the journal's copy.

import type { Host } from "tidegate-wasm";
import type { Files } from "./api/kit";
import type { Around, Sources } from "./boot";
import { setCookie } from "./cookies";
import type { CoreLink } from "./core-link";
import type { Instance } from "./instance";
import { lockFor } from "./locks";
import { createMirror, type Mirror } from "./mirror";
import { createNet } from "./net";
import type { Tags } from "./tags";

export { lockFor };

/** What the first load knows of this file. */
export type Granted = typeof import("./granted");

/** Where nothing may be stored beyond the page. */
const NO_MIRROR: Mirror = { soon() {}, now() {}, renew() {}, isOpen: () => false };

/** A part of the core has come: the host gets what goes with it. `script` fetches another file of ours. */
export async function grant(
  part: string,
  instance: Instance,
  { space, base }: Sources,
  persists: boolean,
  around: Around,
  script: Files["script"],
): Promise<void> {
  const { link, host } = around;
  if (!instance.isCopied) Object.assign(instance, send(link, space, persists, host));
  if (part !== "tags") return;
  const tags = await script<Tags>("tags", failures).catch((error) => {
    failures++;
    throw error;
  });
  Object.assign(host, tags.open(around, base, instance));
}

let failures = 0;

/** Gives the host the rest of what the core calls back, and the instance what it knows of the journal's copy. */
function send(link: CoreLink, space: string, persists: boolean, host: Host): Pick<Instance, "isCopied" | "renew"> {
  const mirror = persists ? createMirror(link, space) : NO_MIRROR;
  const { commit, cookie } = host;
  Object.assign(host, {
    ...createNet((head, body) => {
      link.run((core) => core.answered(head, body));
      // What was delivered must not come back from the copy.
      mirror.now();
    }),
    commit() {
      commit();
      mirror.soon();
    },
    cookie(name, value, maxAge) {
      if (maxAge) cookie(name, value, maxAge);
      // Taking away is always allowed.
      else for (const one of named(name)) for (const path of paths()) setCookie(one, "", 0, path);
    },
  } satisfies Partial<Host>);
  mirror.soon();
  return { isCopied: mirror.isOpen, renew: mirror.renew };
}

/** The cookies that a tag's `deleteCookies` means: `_ga_*` are all that begin like that. */
function named(name: string): string[] {
  if (!name.endsWith("*")) return [name];
  try {
    const all = document.cookie.split("; ").map((pair) => pair.replace(/=.*/, ""));
    return all.filter((one) => one.startsWith(name.slice(0, -1)));
  } catch {
    // A frame may have none.
    return [];
  }
}

/** Where a cookie may be that this page sees: at the root, or at any folder above the page, which is where one is set that names no path. */
function paths(): string[] {
  const folders = location.pathname.split("/").slice(1);
  return [
    "/",
    ...folders.flatMap((_, at) => [0, 1].map((end) => `/${folders.slice(0, at + 1).join("/")}${"/".repeat(end)}`)),
  ];
}
