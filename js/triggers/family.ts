import { attempt } from "../attempt";

/** A trigger of the config that the page is watched for: its place there, its kind, and its own members. */
export interface Trigger {
  at: number;
  kind: string;
}

/** Tells what was seen, and which triggers it is for. */
export type Saw = (kind: string, facts: object, triggers: number[]) => void;

/** Makes the fact `element`. */
export type Describe = (element: Element) => object;

/**
 * Watches for triggers of some kinds. What it returns is told which of them are wanted, each time that changes: for none, nothing of it is on the
 * page. What was told already it remembers.
 */
export type Family<T extends Trigger> = (tell: Saw, describe: Describe) => (triggers: T[]) => void;

/** On or off; the same again does nothing. */
export type Switch = (on: boolean) => void;

/** The places of triggers. */
export const places = (triggers: Trigger[]): number[] => triggers.map(({ at }) => at);

/** Listeners on the window: before those of the page, and in nobody's way. */
export function listeners<E extends Event>(names: string[], heard: (event: E) => void): Switch {
  const how = { capture: true, passive: true };
  let isOn = false;
  const listener = (event: Event) => attempt(() => heard(event as E));
  return (on) => {
    if (on === isOn) return;
    isOn = on;
    for (const name of names)
      if (on) addEventListener(name, listener, how);
      else removeEventListener(name, listener, how);
  };
}

/** A switch for each trigger, for families in which every one watches alone. A switch outlives the times in which it is off. */
export function oneByOne<T extends Trigger>(create: (trigger: T) => Switch): (triggers: T[]) => void {
  const switches = new Map<number, Switch>();
  return (triggers) => {
    for (const trigger of triggers) if (!switches.has(trigger.at)) switches.set(trigger.at, create(trigger));
    const wanted = places(triggers);
    for (const [at, turn] of switches) attempt(() => turn(wanted.includes(at)));
  };
}

/** Tells of the elements that triggers found in one event: once of each, for all that found it. */
export function tellOfElements<T extends Trigger>(
  triggers: T[],
  find: (trigger: T) => Element | undefined,
  tell: (element: Element, triggers: number[]) => void,
): void {
  const found = new Map<Element, number[]>();
  for (const trigger of triggers) {
    const element = find(trigger);
    if (element) found.set(element, [...(found.get(element) ?? []), trigger.at]);
  }
  found.forEach((triggers, element) => {
    tell(element, triggers);
  });
}
