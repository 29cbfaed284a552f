// What tags do on the page, as a module of its own: `tidegate.tags.js` comes with tidegate_tags_bg.wasm.

export { invoke } from "./invoke";
export { createTagLoader } from "./tag-loader";
