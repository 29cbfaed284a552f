/**
 * Navigation with real addresses: links stay links, the History API does the rest.
 * @typedef {{ path: RegExp, view: (params: string[], query: URLSearchParams) => unknown }} Route
 */

let show = () => {};
/** Path and query on show: a jump within the page changes neither. */
let shown;

/**
 * Starts routing and shows the current address.
 * @param {Route[]} routes the first whose pattern matches the path wins
 * @param {(view: unknown, how: "load" | "push" | "back") => void} render
 */
export function startRouter(routes, render) {
  show = (how) => {
    shown = address();
    const path = decodePath(location.pathname);
    for (const route of routes) {
      const match = route.path.exec(path);
      if (match) {
        render(route.view(match.slice(1), new URLSearchParams(location.search)), how);
        return;
      }
    }
  };
  addEventListener("popstate", () => {
    if (address() !== shown) show("back");
  });
  document.addEventListener("click", follow);
  show("load");
}

/** Goes to an address of the shop. */
export function navigate(href) {
  history.pushState(null, "", href);
  show("push");
}

/** Changes the query of the current address without a new history entry or a new view. */
export function rewriteQuery(query) {
  const text = query.toString();
  history.replaceState(null, "", location.pathname + (text ? `?${text}` : ""));
  shown = address();
}

function address() {
  return location.pathname + location.search;
}

function follow(event) {
  if (event.defaultPrevented || event.button !== 0) return;
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const link = event.target.closest?.("a[href]");
  if (!link || link.target || link.origin !== location.origin || link.hasAttribute("data-document")) return;
  if (link.hash && link.pathname === location.pathname && link.search === location.search) return;
  event.preventDefault();
  navigate(link.pathname + link.search);
}

function decodePath(path) {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
