/** Links and forms. Whatever analytics.js does about the navigation, the events are the same. */

const LINK = '<base target="elsewhere"><iframe name="elsewhere" hidden></iframe>';

/** Puts an element on the page, hands it to the SDK and uses it. @param {string} html @param {string} calls @param {string} use @returns {any} */
const uses = (html, calls, use) =>
  Object.assign(async () => {}, {
    toString: () => `async (a, sleep) => {
      document.body.innerHTML = ${JSON.stringify(LINK + html)};
      const element = document.querySelector("[id=it]");
      ${calls}
      ${use};
      await sleep(50);
    }`,
  });

const BUTTON = '<button id="it" type="button" data-name="buy">Buy</button>';
const FORM = '<form id="it" action="about:blank" target="elsewhere"><button>Send</button></form>';
const CLICK = "element.click()";
const SUBMIT = "element.requestSubmit()";

/** @type {import("./index.mjs").Case[]} */
export const elements = [
  { title: "elements: trackLink", run: uses(BUTTON, 'await a.trackLink(element, "Clicked", { n: 1 });', CLICK) },
  { title: "elements: trackClick", run: uses(BUTTON, 'await a.trackClick(element, "Clicked");', CLICK) },
  {
    title: "elements: an event and properties of the element",
    run: uses(
      BUTTON,
      'await a.trackLink(element, (el) => "Clicked " + el.dataset.name, (el) => ({ text: el.textContent }));',
      CLICK,
    ),
  },
  {
    title: "elements: options",
    run: uses(BUTTON, 'await a.trackLink(element, "Clicked", {}, { context: { own: 1 } });', CLICK),
  },
  { title: "elements: a list", run: uses(BUTTON, 'await a.trackLink([element], "Clicked");', CLICK) },
  {
    title: "elements: what querySelectorAll finds",
    run: uses(BUTTON, 'await a.trackLink(document.querySelectorAll("button"), "Clicked");', CLICK),
  },
  {
    title: "elements: jQuery's list",
    run: uses(BUTTON, 'await a.trackLink({ toArray: () => [element] }, "Clicked");', CLICK),
  },
  { title: "elements: none", events: 0, run: uses(BUTTON, 'await a.trackLink(null, "Clicked");', CLICK) },
  {
    title: "elements: clicked twice",
    events: 2,
    run: uses(BUTTON, 'await a.trackLink(element, "Clicked");', `${CLICK}; ${CLICK}`),
  },
  {
    title: "elements: a link",
    run: uses(
      '<a id="it" href="about:blank" target="_blank">Out</a>',
      'await a.trackLink(element, "Clicked"); element.addEventListener("click", (event) => event.preventDefault());',
      CLICK,
    ),
  },
  { title: "elements: trackForm", run: uses(FORM, 'await a.trackForm(element, "Sent", { n: 1 });', SUBMIT) },
  {
    title: "elements: trackSubmit",
    run: uses(FORM, 'await a.trackSubmit([element], (el) => "Sent " + el.id);', SUBMIT),
  },
  {
    title: "elements: a form that jQuery submits",
    run: uses(
      FORM,
      `window.jQuery = (found) => ({ submit(heard) { (found.heard ??= []).push(heard); } });
       await a.trackForm(element, "Sent");`,
      "for (const heard of element.heard) heard({ preventDefault() {} })",
    ),
  },
];
