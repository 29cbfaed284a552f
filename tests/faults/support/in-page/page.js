// The page's own part, the same for every SDK.
window.uncaught = [];
addEventListener("error", ({ message }) => window.uncaught.push(message));
addEventListener("pageshow", ({ persisted }) => {
  window.wasRestored = persisted;
});

/** Calls once for each, and returns how many calls threw. */
window.send = (events) => {
  let thrown = 0;
  for (const properties of events) {
    try {
      window.track(properties);
    } catch {
      thrown++;
    }
  }
  return thrown;
};
