import { el } from "../../dom.js";
import { categoryName, select } from "../catalog.js";
import { announce } from "../parts/announce.js";
import { productCard } from "../parts/product-card.js";
import { sea } from "../parts/sea.js";
import { waterCard } from "../parts/water-card.js";
import { rewriteQuery } from "../router.js";
import * as track from "../track.js";

const SEARCH_RESTS_MS = 700;

/** The shelves: all of them at `/`, a department at `/?category=…`, narrowed by `q` and `water`. */
export function catalogueView(query) {
  const category = categoryName(query.get("category")) ? query.get("category") : null;
  const name = category ? categoryName(category) : "Everything";
  const list = { list_id: category ?? "everything", category: name };
  const filter = { category, text: query.get("q") ?? "", water: degrees(query.get("water")) };

  const shelf = el("ul", { class: "shelf" });
  const count = el("p", { class: "shelf-count" });

  function fill() {
    const shown = select(filter);
    shelf.replaceChildren(...shown.map((product, index) => productCard(product, index + 1)));
    if (shown.length === 0) shelf.append(nothingFits());
    const things = shown.length === 1 ? "1 thing" : `${shown.length} things`;
    count.textContent = filter.water ? `${things} for ${filter.water} °C` : things;
    return shown;
  }

  function narrow() {
    const wanted = new URLSearchParams();
    if (category) wanted.set("category", category);
    if (filter.text) wanted.set("q", filter.text);
    if (filter.water) wanted.set("water", String(filter.water));
    rewriteQuery(wanted);
    return fill();
  }

  const water = waterCard({
    water: filter.water,
    onMove(value) {
      filter.water = value;
      fill();
    },
    onSettle() {
      const shown = narrow();
      announce(count.textContent);
      const filters = filter.water ? [{ type: "water_temperature", value: String(filter.water) }] : [];
      track.productListFiltered(list, filters, shown);
    },
  });

  let resting;
  let searched = filter.text;
  function search() {
    clearTimeout(resting);
    if (!field.isConnected) return;
    announce(count.textContent);
    if (filter.text && filter.text !== searched) track.productsSearched(filter.text);
    searched = filter.text;
  }
  const field = el("input", { type: "search", id: "search", value: filter.text, placeholder: "Flask, hat, tide…" });
  field.addEventListener("input", () => {
    filter.text = field.value.trim();
    narrow();
    clearTimeout(resting);
    resting = setTimeout(search, SEARCH_RESTS_MS);
  });
  // Also when the visitor goes on to a product before the search has rested.
  field.addEventListener("change", search);
  const form = el(
    "form",
    {
      role: "search",
      class: "search",
      on: {
        submit(event) {
          event.preventDefault();
          search();
        },
      },
    },
    el("label", { for: "search" }, "Search"),
    field,
  );

  fill();
  const head = category
    ? el("section", { class: "department wrap" }, el("h1", { tabindex: "-1" }, name), water)
    : el(
        "section",
        { class: "hero" },
        el(
          "div",
          { class: "wrap hero-row" },
          el(
            "div",
            { class: "hero-words" },
            el("h1", { tabindex: "-1" }, "Kit for the pause between tides"),
            el(
              "p",
              {},
              "At slack water the sea stands still for a moment. It is the calmest time to swim, and a poor time to be badly dressed.",
            ),
          ),
          water,
        ),
        sea(),
      );

  return {
    title: category ? `${name} · Slackwater` : "Slackwater · Kit for cold water",
    page: ["Catalogue", { category: name }],
    shown: () => track.productListViewed(list, select(filter)),
    node: el(
      "div",
      {},
      head,
      el(
        "section",
        { class: "wrap", "aria-labelledby": "shelf-name" },
        el(
          "div",
          { class: "shelf-head" },
          el("h2", { id: "shelf-name" }, category ? "On this shelf" : "The whole range"),
          count,
          form,
        ),
        shelf,
      ),
      !category && houseRules(),
    ),
  };
}

function degrees(text) {
  const value = Number(text);
  return Number.isInteger(value) && value > 0 ? value : null;
}

function nothingFits() {
  return el(
    "li",
    { class: "nothing" },
    el("p", {}, "Nothing on the shelf fits that. Try another word, or other water."),
    el("a", { href: "/" }, "Show everything"),
  );
}

function houseRules() {
  const rule = (title, text) => el("li", {}, el("h3", {}, title), el("p", {}, text));
  return el(
    "section",
    { class: "rules", "aria-labelledby": "rules-name" },
    el(
      "div",
      { class: "wrap" },
      el("h2", { id: "rules-name" }, "House rules"),
      el(
        "ul",
        {},
        rule("Go with somebody", "And tell somebody else when you mean to be back."),
        rule("Get out while it is good", "The last two minutes are the ones you pay for on the beach."),
        rule("Dress first, talk later", "You keep cooling after you are out. Hat, layers, flask, then the story."),
      ),
    ),
  );
}
