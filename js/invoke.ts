// Names that lead out of a vendor's own objects, or to what runs text as code.
const REFUSED =
  /^(__proto__|constructor|prototype|eval|Function|setTimeout|setInterval|document|location|window|self|globalThis|frames|top|parent)$/;

/**
 * Calls a vendor's global such as `mixpanel.track` with JSON array text as its arguments.
 * Returns false where it is missing, refused or threw.
 */
export function invoke(path: string, args: string): boolean {
  try {
    const keys = path.split(".");
    if (keys.some((key) => REFUSED.test(key))) return false;
    // The root must be a global somebody set; elements with an id do not count.
    if (!Object.getOwnPropertyDescriptor(window, keys[0] ?? "")) return false;
    let owner: unknown;
    let value: unknown = window;
    for (const key of keys) {
      owner = value;
      value = (owner as Record<string, unknown>)[key];
    }
    if (typeof value !== "function") return false;
    value.apply(owner, JSON.parse(args));
    return true;
  } catch {
    return false;
  }
}
