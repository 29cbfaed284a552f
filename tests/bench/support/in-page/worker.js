// The core in a worker: the page hands it each event. With `window.isKept` the event is in local storage first, to which workers have no access.
{
  const worker = new Worker("/core.js");
  const keep = window.track;
  const isReady = new Promise((done) => {
    worker.onmessage = () => done(true);
  });
  let ready = false;
  isReady.then(() => {
    ready = true;
  });
  window.isReady = () => ready;
  window.track = (properties) => {
    if (window.isKept) keep(properties);
    worker.postMessage(JSON.stringify({ ...window.finished, properties }));
  };
}
