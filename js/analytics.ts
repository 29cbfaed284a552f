import { consentMethods } from "./api/consent";
import { dataMethods } from "./api/data";
import { eventMethods } from "./api/events";
import { identityMethods } from "./api/identity";
import { createKit, type Files, type Method, type Methods } from "./api/kit";
import { isHolding, laterMethods } from "./api/later";
import { listenerMethods } from "./api/listeners";
import { reportMethods } from "./api/reports";
import type { Instance } from "./instance";
import { createReplay } from "./replay";
import type { Analytics } from "./tidegate.d.ts";

declare const VERSION: string;

/** Makes `target` the public global of an instance. What a stub buffered on it is carried out in the calls' order. */
export function createAnalytics(instance: Instance, target: object, files: Files): Analytics {
  const self = target as Analytics;
  const kit = createKit(instance, self, files);
  const { capture, methods: events } = eventMethods(kit);

  const methods: Methods = Object.create(null);
  const add = (added: Methods, otherwise?: unknown) => {
    for (const [name, method] of Object.entries(added)) methods[name] = kit.guard(name, method, otherwise);
  };
  add(events, Promise.resolve({ event: undefined }));
  add(laterMethods(kit, capture));
  add(listenerMethods(kit), self);
  add(consentMethods(kit), () => {});
  add({ ...identityMethods(kit), ...dataMethods(kit), ...reportMethods(kit), noConflict: () => self, normalize });

  const face = target as Record<string, unknown>;
  for (const [name, method] of Object.entries(methods)) {
    const [owner = "", member] = name.split(".");
    // A stub's `consent` and `data` stay the objects they are: the page may have kept them.
    if (member) face[owner] = Object.assign(face[owner] ?? {}, { [member]: method });
    else face[owner] = method;
  }
  Object.assign(face, { VERSION, failedInitializations: [], plugins: {}, Integrations: {} });
  Object.defineProperty(self, "state", { get: instance.link.state, configurable: true, enumerable: true });
  const entries: unknown[] = Array.isArray(self) ? self.splice(0) : [];
  const replay = kit.guard("push", createReplay(methods, capture));
  // From here on entries are carried out as they come: the page may have kept methods of the stub.
  face.push = (...late: unknown[]) => {
    for (const entry of late) replay(entry);
  };
  // As analytics.js has it, plugins and middleware see all early calls, and what the page's address says comes before those, and so
  // does what other front doors kept.
  for (const entry of entries) if (isRegistration(entry)) replay(entry);
  instance.link.run((core) => instance.begin?.(core));
  for (const entry of entries) if (!isRegistration(entry)) replay(entry);
  return self;
}

/** What an event has at least. */
const normalize: Method = (event) => ({ timestamp: new Date(), context: {}, integrations: {}, ...(event as object) });

const isRegistration = (entry: unknown) => isHolding(String((entry as unknown[] | null)?.[0]));
