/**
 * A decision as it is shown. `state` is the gate's answer; `idle` marks a tag that was allowed but had no reason to
 * fire on this event.
 * @typedef {{ subject: string, kind: string, name: string, state: "allow" | "idle" | "pending" | "deny", because: string[] }} Shown
 */

export const words = { allow: "allowed", idle: "allowed, not fired", pending: "waiting", deny: "denied" };

/** The decisions of an event, destinations before tags as the collector lists them. */
export function decisionsOf(event) {
  return (event.decisions ?? []).map(({ subject, decision, fired, because = [] }) => {
    const [kind, name = subject] = split(subject);
    const state = decision === "allow" && fired === false ? "idle" : decision;
    return { subject, kind, name, state, because };
  });
}

function split(subject) {
  const colon = subject.indexOf(":");
  return colon < 0 ? ["", subject] : [subject.slice(0, colon), subject.slice(colon + 1)];
}
