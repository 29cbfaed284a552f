/**
 * The order of the wasm's functions: each beside the one most like it, which brotli then writes as what differs. Two per
 * cent fewer bytes than in the order of their names.
 */
import { functions, withNames } from "./wasm-file.mjs";

/** Bytes that are compared at a time, about two instructions, and how much the size of a function counts. Which are best differs from core to core. */
const LENGTHS = [4, 3, 5];
const POWERS = [0.5, 0.35, 0.4, 0.45, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8];

/** @param {Buffer} body @param {number} length @returns {Set<string>} the sequences of bytes in it */
function sequences(body, length) {
  const found = new Set();
  for (let at = 0; at + length <= body.length; at++) found.add(body.toString("latin1", at, at + length));
  return found;
}

/**
 * From the largest on, always the one that shares most with the last, for its size.
 * @param {Buffer[]} bodies
 * @param {number} length
 * @param {number} power
 * @returns {number[]} their places, in the new order
 */
function order(bodies, length, power) {
  const parts = bodies.map((body) => sequences(body, length));
  /** @type {Map<string, number[]>} */
  const holders = new Map();
  for (const [place, part] of parts.entries())
    for (const sequence of part) {
      const list = holders.get(sequence);
      list ? list.push(place) : holders.set(sequence, [place]);
    }
  const size = (/** @type {number} */ place) => bodies[place]?.length ?? 0;
  const left = new Set([...bodies.keys()].sort((a, b) => size(b) - size(a)));
  const ordered = [];
  for (let [next] = left; next !== undefined; ) {
    left.delete(next);
    ordered.push(next);
    const shared = new Map();
    for (const sequence of parts[next] ?? [])
      for (const other of holders.get(sequence) ?? [])
        if (left.has(other)) shared.set(other, (shared.get(other) ?? 0) + 1);
    [next] = left;
    let best = 0;
    for (const [other, count] of shared) {
      const likeness = count / size(other) ** power;
      if (likeness > best) [best, next] = [likeness, other];
    }
  }
  return ordered;
}

/**
 * The same wasm with names whose order wasm-opt's `--reorder-functions-by-name` gives to the functions, a few times: which is smallest shows when
 * the numbers of the functions, by which they are called, have changed with it.
 * @param {Buffer} wasm without names
 * @param {boolean} isThorough or only the likeliest
 * @returns {Generator<Buffer>}
 */
export function* namedInOrder(wasm, isThorough) {
  const all = functions(wasm);
  const bodies = all.map(({ body }) => body);
  for (const length of LENGTHS)
    for (const power of POWERS) {
      const places = order(bodies, length, power);
      const names = places.map(
        (place, at) => /** @type {const} */ ([all[place]?.index ?? 0, `f${String(at).padStart(6, "0")}`]),
      );
      yield withNames(wasm, new Map(names));
      if (!isThorough) return;
    }
}
