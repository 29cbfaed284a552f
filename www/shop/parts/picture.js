import { el } from "../../dom.js";

/** A product's picture on its ground. Decorative: the name always stands beside it. */
export function picture(product, { lazy = false } = {}) {
  return el(
    "span",
    { class: `tile tile-${product.tile}` },
    el("img", {
      src: `/shop/pictures/${product.slug}.svg`,
      alt: "",
      width: 400,
      height: 400,
      loading: lazy && "lazy",
    }),
  );
}
