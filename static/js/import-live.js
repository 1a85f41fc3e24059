// How an import goes: while something is on its way its part asks again; the rows come with the end.
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

document.addEventListener("htmx:afterSettle", plan);
document.addEventListener("visibilitychange", () => document.hidden || look());
plan();
