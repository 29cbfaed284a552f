import type { Kit, Methods } from "../api/kit";

/** Names of analytics.js before plugins. Segment's own does nothing for most of them any more, and says so. */
export function legacyMethods(kit: Kit): Methods {
  const { self } = kit;
  const methods: Methods = {
    pageview(path) {
      return self.page({ path }).then(() => self);
    },
  };
  const nothing = "add addIntegration addIntegrationMiddleware log listeners hasListeners";
  for (const name of `${nothing} addEventListener removeListener removeEventListener removeAllListeners`.split(" "))
    methods[name] = () => console.warn(`[tidegate] analytics.${name}() does nothing: remove the call.`);
  methods.initialize = methods.init = () => Promise.resolve(self);
  return methods;
}
