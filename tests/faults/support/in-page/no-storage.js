// As where the visitor's settings forbid it.
for (const name of ["localStorage", "sessionStorage", "indexedDB"])
  Object.defineProperty(window, name, {
    get() {
      throw new DOMException("forbidden", "SecurityError");
    },
  });
