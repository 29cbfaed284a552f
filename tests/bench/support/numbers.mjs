/** @param {number[]} figures @param {number} percent @returns {number} the smallest that so many percent do not exceed */
export function percentile(figures, percent) {
  const sorted = [...figures].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)] ?? Number.NaN;
}

/** @param {number[]} figures @returns {number} of an even number of figures the middle between the two in the middle */
export function median(figures) {
  const sorted = [...figures].sort((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  const lower = sorted[Math.ceil(sorted.length / 2) - 1] ?? Number.NaN;
  return (lower + upper) / 2;
}
