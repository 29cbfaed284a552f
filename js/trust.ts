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
export function trust(url: string): unknown {
  try {
    const factory = (window as { trustedTypes?: Factory }).trustedTypes;
    policy ??= factory?.createPolicy("tidegate", { createScriptURL: String });
    return policy ? policy.createScriptURL(url) : url;
  } catch {
    // The page does not allow the policy: its own rules judge the plain address.
    return url;
  }
}
