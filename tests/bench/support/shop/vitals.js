// What a visitor feels, as web-vitals tells it; TBT is the part beyond 50 ms of each long task, from the navigation on.
import { onCLS, onFCP, onINP, onLCP } from "web-vitals";

const vitals = { tbt: 0 };
window.vitals = vitals;
const options = { reportAllChanges: true, durationThreshold: 16 };
for (const on of [onCLS, onFCP, onINP, onLCP])
  on(({ name, value }) => {
    vitals[name.toLowerCase()] = value;
  }, options);
new PerformanceObserver((list) => {
  for (const { duration } of list.getEntries()) vitals.tbt += duration - 50;
}).observe({ type: "longtask", buffered: true });
