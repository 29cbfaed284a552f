/** Pages under a policy as strict sites have it: scripts by nonce, or by those that have one, and Trusted Types. */
import { randomBytes } from "node:crypto";
import { html } from "./pages.mjs";

/**
 * The page with a nonce of its own on each script, also on those that it asks for early.
 * @param {string} page
 * @param {string} [more] directives
 */
export function underPolicy(page, more = "") {
  const nonce = randomBytes(16).toString("base64");
  const scripts = `script-src 'self' 'nonce-${nonce}' 'strict-dynamic' 'wasm-unsafe-eval'`;
  return html(page.replace(/<script|<link rel="modulepreload"/g, `$& nonce="${nonce}"`), {
    "content-security-policy": `${scripts}; require-trusted-types-for 'script'${more}`,
  });
}
