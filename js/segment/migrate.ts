/** Under which names analytics.js keeps what. */
const KEYS = {
  anonymousId: "ajs_anonymous_id",
  userId: "ajs_user_id",
  traits: "ajs_user_traits",
  groupId: "ajs_group_id",
  groupTraits: "ajs_group_properties",
} as const;

/**
 * What analytics.js stored of the visitor, as the core stores it: from local storage, else from cookies; nothing where there is
 * nothing. Texts may be JSON or bare, as its versions differ.
 */
export function storedBySegment(): Record<string, unknown> | undefined {
  const found: Record<string, unknown> = {};
  for (const [member, key] of Object.entries(KEYS)) {
    const value = parsed(inStorage(key)) ?? parsed(inCookies(key));
    const fits = /raits/.test(member)
      ? typeof value === "object" && !Array.isArray(value)
      : /string|number/.test(typeof value);
    if (value && fits) found[member] = typeof value === "number" ? String(value) : value;
  }
  return Object.keys(found).length > 0 ? { v: 1, ...found } : undefined;
}

function inStorage(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function inCookies(key: string): string | null {
  try {
    const pair = document.cookie.split("; ").find((pair) => pair.startsWith(`${key}=`));
    return pair ? decodeURIComponent(pair.slice(key.length + 1)) : null;
  } catch {
    return null;
  }
}

function parsed(text: string | null): unknown {
  try {
    return JSON.parse(text ?? "null");
  } catch {
    return text;
  }
}
