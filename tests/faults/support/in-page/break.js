// The core's next looks at the clock throw, so many of them: nothing that the core can go on from.
window.breakClock = (times) => {
  const now = performance.now.bind(performance);
  performance.now = () => {
    if (times-- > 0) throw new Error("The clock broke");
    return now();
  };
};
