// Notes, before anything else runs, what a page must not see.
const watched = { thrown: [], violations: [], logged: [], heard: [] };
window.watched = watched;
addEventListener("error", (event) => watched.thrown.push(String(event.message)));
addEventListener("unhandledrejection", (event) => watched.thrown.push(String(event.reason)));
addEventListener("securitypolicyviolation", (event) =>
  watched.violations.push(`${event.violatedDirective} ${event.blockedURI}`),
);
const log = console.error;
console.error = (...words) => {
  watched.logged.push(words.join(" "));
  log(...words);
};
