/** Puts a script or a pixel on the page. Of a script it is told whether it ran. */
export function load(url: string, isScript: boolean, ran: () => void, failed: () => void): void {
  try {
    if (!isScript) {
      new Image().src = url;
    } else if (url) {
      const script = document.createElement("script");
      script.onload = ran;
      script.onerror = failed;
      script.src = trust(url) as string;
      document.head.append(script);
    } else {
      throw url;
    }
  } catch {
    // The core is on the stack.
    queueMicrotask(failed);
  }
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
