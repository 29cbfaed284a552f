// Stands in for vendors: whatever is set, called or made on some globals is noted in order, as is each script that is put on the page. The tag's `data-stage`
// has the globals (`watched`), and what a vendor's script brings: functions, each with the methods of the object that it returns (`provides`), and those
// that it puts on functions of the page, to be handed the calls from then on (`takes`).
{
  const { watched, provides, takes } = JSON.parse(document.currentScript.dataset.stage);
  const log = [];
  const raws = new WeakMap();
  const paths = new WeakMap();
  const raw = (value) => raws.get(value) ?? value;

  /** A value as golden files write it, where JSON has none of the kind. */
  const shown = (value) => {
    if (typeof value === "function" && !paths.has(value)) return { $function: true };
    if (typeof value !== "object" && typeof value !== "function") return value;
    if (value === null) return null;
    if (paths.has(value)) return { $global: paths.get(value) };
    if (value instanceof Date) return { $date: value.toISOString() };
    if (Array.isArray(value)) return value.map(shown);
    const isArguments = Object.prototype.toString.call(value) === "[object Arguments]";
    if (isArguments) return { $arguments: Array.from(value, shown) };
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, shown(member)]));
  };

  const isOfBrowser = (key, value) =>
    key !== "push" && (value === Object.prototype[key] || value === Function.prototype[key]);

  /** `holder` is where the value is. */
  const guarded = (value, path, holder) => {
    if ((typeof value !== "object" && typeof value !== "function") || value === null) return value;
    const proxy = new Proxy(value, {
      get(target, key) {
        const member = target[key];
        return typeof key === "symbol" || isOfBrowser(key, member) ? member : guarded(member, `${path}.${key}`, target);
      },
      set(target, key, member) {
        log.push({ set: `${path}.${key}`, value: shown(member) });
        target[key] = raw(member);
        return true;
      },
      apply(target, self, args) {
        log.push({ call: path, args: args.map(shown), ...(raw(self) !== holder && { self: "not what holds it" }) });
        return Reflect.apply(target, raw(self), args);
      },
      construct(target, args) {
        log.push({ new: path, args: args.map(shown) });
        return Reflect.construct(target, args);
      },
    });
    raws.set(proxy, value);
    paths.set(proxy, path);
    return proxy;
  };

  const globals = {};
  for (const name of watched)
    Object.defineProperty(window, name, {
      configurable: true,
      get: () => guarded(globals[name], name, window),
      set(value) {
        log.push({ set: name, value: shown(value) });
        globals[name] = raw(value);
      },
    });

  const scripts = new MutationObserver((changes) => {
    for (const { addedNodes } of changes)
      for (const { tagName, attributes } of addedNodes) {
        if (tagName !== "SCRIPT") continue;
        const { src, type, ...others } = Object.fromEntries(Array.from(attributes, ({ name, value }) => [name, value]));
        if (src.startsWith("/done.js")) continue;
        const own = Object.keys(others).length > 0 && { attributes: others };
        log.push({ script: src, ...own, ...(type === "module" && { module: true }) });
      }
  });
  // Those before are the page's own.
  addEventListener("DOMContentLoaded", () => scripts.observe(document, { childList: true, subtree: true }));

  /** What a vendor's script does as it runs. */
  const vendorCame = () => {
    for (const [path, methods] of Object.entries(provides)) {
      const keys = path.split(".");
      const key = keys.pop();
      const owner = keys.reduce((object, name) => (object[name] ??= {}), globals);
      const answer = Object.create(Object.fromEntries(methods.map((method) => [method, () => {}])));
      // No arrow: it may be called with `new`.
      function own() {
        return answer;
      }
      owner[key] ??= own;
    }
    for (const path of takes) {
      const [name, member] = path.split(".");
      // The page's function has it called unwatched.
      globals[name][member] = (...args) => log.push({ call: path, args: args.map(shown) });
    }
  };

  let done;
  window.recorder = {
    vendorCame,
    done: () => done(),
    /** Makes calls, each once the tag is done with the one before. Returns what each came to; with no end what was seen until then. */
    async run(calls) {
      const { push } = window.analytics.data;
      window.analytics.data.push = (data) => {
        log.push({ data: shown(data) });
        return push(data);
      };
      const before = Object.keys(window);
      const seen = [];
      for (const [method, args] of calls) {
        const isDone = new Promise((resolve) => {
          done = () => resolve(true);
        });
        const late = new Promise((resolve) => setTimeout(resolve, 10_000));
        window.analytics[method](...args);
        const isInTime = await Promise.race([isDone, late]);
        seen.push([...log.splice(0), ...(isInTime ? [] : ["no end within 10 s"])]);
      }
      const after = Object.keys(window).filter((name) => !before.includes(name) && !watched.includes(name));
      return { seen, after };
    },
  };
}
