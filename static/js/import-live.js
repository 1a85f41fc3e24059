// How an import goes: while something is on its way its part asks again, and the rows come along.
const PACE = 900;
let timer = 0;

const part = () => document.querySelector('[data-import-look="fast"]');

function plan() {
  clearTimeout(timer);
  if (part()) timer = setTimeout(look, PACE);
}

function look() {
  const found = part();
  if (found && !document.hidden) window.htmx.trigger(found, "desk:look-import");
  plan();
}

// Whoever is among the rows with the keyboard keeps the place until all is over.
document.addEventListener("htmx:oobBeforeSwap", (event) => {
  const { target, fragment } = event.detail;
  if (target?.id !== "import-rows" || !target.contains(document.activeElement)) return;
  if (!fragment?.querySelector?.("#import-rows[data-final]")) event.detail.shouldSwap = false;
});

document.addEventListener("htmx:afterSettle", plan);
document.addEventListener("visibilitychange", () => document.hidden || look());
plan();
