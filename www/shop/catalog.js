import { categories, products } from "./products.js";

/** A product by its slug, or undefined. */
export function findProduct(slug) {
  return products.find((product) => product.slug === slug);
}

/** A category's name, or undefined. */
export function categoryName(id) {
  return categories.find((category) => category.id === id)?.name;
}

/**
 * What the catalogue shows.
 * @param {{ category?: string | null, text?: string, water?: number | null }} filter water in °C
 */
export function select({ category, text = "", water }) {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return products.filter((product) => {
    const haystack = `${product.name} ${product.line} ${product.story}`.toLowerCase();
    return (
      (!category || product.category === category) &&
      words.every((word) => haystack.includes(word)) &&
      (!water || (water >= product.water[0] && water <= product.water[1]))
    );
  });
}

/** Three others to go with a product, its own category first. */
export function goesWith(product) {
  const others = products.filter((other) => other !== product);
  const start = products.indexOf(product);
  const rank = (other) =>
    (other.category === product.category ? 0 : products.length) +
    ((products.indexOf(other) - start + products.length) % products.length);
  return others.sort((a, b) => rank(a) - rank(b)).slice(0, 3);
}
