// Through the stub, so that no problem at loading is missed.
window.analytics.on("error", (problem) => window.watched.heard.push(problem));
