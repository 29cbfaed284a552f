import type { Kit, Methods } from "./kit";

/** What Segment has and this version has not: said plainly rather than ignored. */
export function unsupportedMethods({ report, self }: Kit): Methods {
  const methods: Methods = {};
  for (const name of ["register", "deregister", "addSourceMiddleware", "addDestinationMiddleware"])
    methods[name] = () => {
      report("unsupported", `analytics.${name}() does nothing in this version: remove the call.`);
      return Promise.resolve(self);
    };
  return methods;
}
