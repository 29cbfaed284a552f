/** @param {number[]} figures @param {number} percent @returns {number} the smallest that so many percent do not exceed */
export function percentile(figures, percent) {
  const sorted = [...figures].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)] ?? Number.NaN;
}
