/** What stand-ins keep, in a fake page. */

/** @param {any} page @param {string} name @param {string} [value] none deletes */
export function setCookie(page, name, value) {
  const others = page.document.cookie.split("; ").filter((pair) => pair && !pair.startsWith(`${name}=`));
  page.document.cookie = [...others, ...(value === undefined ? [] : [`${name}=${value}`])].join("; ");
}

/** @param {any} page */
export function storageOf(page) {
  page.window.localStorage ??= {
    getItem(key) {
      return Object.hasOwn(this, key) ? this[key] : null;
    },
  };
  return page.window.localStorage;
}

/** When somebody answered. @param {number} days */
export const daysBefore = (days) => new Date(Date.now() - days * 86_400_000);

/** @param {any} target @param {string} name @param {unknown} [detail] */
export const fire = (target, name, detail = null) => target.dispatchEvent(new CustomEvent(name, { detail }));
