import type { Group, User } from "../tidegate.d.ts";
import type { Kit, Methods } from "./kit";

/** Reads what the core knows each time it is asked. */
function facade(read: () => string): User {
  const part = (key: string) => JSON.parse(read())[key] ?? null;
  return { id: () => part("id"), anonymousId: () => part("anonymousId"), traits: () => part("traits") ?? {} };
}

export function groupFacade({ link }: Kit): Group {
  const { id, traits } = facade(() => link.ask((core) => core.group(), "{}"));
  return { id, traits };
}

/** Who the visitor is. */
export function identityMethods({ link }: Kit): Methods {
  const user = facade(() => link.ask((core) => core.user(), "{}"));
  return {
    user: () => user,
    setAnonymousId(id) {
      if (!/string|number/.test(typeof id)) throw new TypeError("the id must be a text");
      link.run((core) => core.setAnonymousId(String(id)));
      return user.anonymousId();
    },
    reset: () => link.run((core) => core.reset()),
    forget: () => link.run((core) => core.forget()),
  };
}
