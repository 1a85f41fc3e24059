// What takes longer than 400 ms says so (aria-busy on the target), and what failed says that nothing
// is lost. The server's own refusals (4xx) come as parts and are not failures.
const SLOW_AFTER = 400;
const waiting = new WeakMap();

document.addEventListener("htmx:beforeRequest", ({ detail }) => {
  const shown = [detail.target, detail.elt].filter(Boolean);
  const timer = setTimeout(() => {
    for (const element of shown) element.setAttribute("aria-busy", "true");
  }, SLOW_AFTER);
  waiting.set(detail.xhr, { timer, shown });
});

document.addEventListener("htmx:afterRequest", ({ detail }) => {
  const entry = waiting.get(detail.xhr);
  if (!entry) return;
  clearTimeout(entry.timer);
  for (const element of entry.shown) element.removeAttribute("aria-busy");
});

for (const name of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(name, ({ detail }) => {
    // A poll or refresh that fails tries again by itself and shows its age meanwhile.
    const quiet = detail.elt?.closest?.("[data-quiet]");
    if (quiet) return;
    const text = document.body.dataset.notSent;
    document.dispatchEvent(new CustomEvent("desk:toast", { detail: { text, kind: "bad" } }));
  });
}
