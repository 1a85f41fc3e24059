// The board is one Tab stop: arrows go from card to card and column to column, Home and End to the
// ends, Enter opens, and M means the card with the focus. Without this script all of it are links.
const board = () => document.getElementById("board");
const stops = (column) => [...column.querySelectorAll("[data-stop]")].filter((one) => one.checkVisibility());
const columns = () => [...board().querySelectorAll("[data-column]")];
const moveButton = document.querySelector('[data-board-act="move"]');
let current = "";
let wantsNew = "";

function setUp() {
  if (!board()) return;
  for (const one of board().querySelectorAll("[data-stop], [data-inner]")) one.tabIndex = -1;
  // What scrolls and has no stop of its own would be one.
  for (const list of board().querySelectorAll(".board__columns, .column__cards")) list.tabIndex = -1;
  const first = board().querySelector("[data-card] [data-stop]") ?? board().querySelector("[data-stop]");
  const stop = (current && document.getElementById(current)) || first;
  if (stop) stop.tabIndex = 0;
}

function enter(stop) {
  if (!stop) return;
  stop.focus({ preventScroll: true });
  (stop.closest("[data-card]") ?? stop).scrollIntoView({ block: "nearest", inline: "nearest" });
}

const middle = (one) => one.getBoundingClientRect().top + one.getBoundingClientRect().height / 2;

// In another column the card at the same height; where there is none, its head.
function beside(stop, column) {
  const found = stops(column);
  const cards = found.filter((one) => one.closest("[data-card]"));
  if (!cards.length || !stop.closest("[data-card]")) return stop.closest("[data-card]") ? found[0] : (found[0] ?? null);
  const height = middle(stop);
  return cards.reduce((best, one) => (Math.abs(middle(one) - height) < Math.abs(middle(best) - height) ? one : best));
}

function goal(event, stop) {
  const all = columns();
  const column = stop.closest("[data-column]");
  const mine = stops(column);
  const at = mine.indexOf(stop);
  const forward = getComputedStyle(board()).direction === "rtl" ? -1 : 1;
  const across = (by) => all[all.indexOf(column) + by * forward];
  const whole = event.ctrlKey || event.metaKey;
  switch (event.key) {
    case "ArrowDown": return mine[at + 1] ?? stop;
    case "ArrowUp": return mine[at - 1] ?? stop;
    case "ArrowRight": return across(1) ? beside(stop, across(1)) : stop;
    case "ArrowLeft": return across(-1) ? beside(stop, across(-1)) : stop;
    case "Home": return whole ? stops(all[0])[0] : mine[0];
    case "End": return whole ? stops(all.at(-1)).at(-1) : mine.at(-1);
    default: return null;
  }
}

document.addEventListener("keydown", (event) => {
  const stop = event.target.closest?.("#board [data-stop]");
  if (!stop || event.defaultPrevented || event.altKey || event.shiftKey) return;
  const to = goal(event, stop);
  if (!to) return;
  event.preventDefault();
  enter(to);
});

// A letter means the card with the focus, and goes before the same letter elsewhere.
function lend(card) {
  if (!moveButton) return;
  if (card) moveButton.dataset.shortcut = "m";
  else delete moveButton.dataset.shortcut;
}

document.addEventListener("focusin", ({ target }) => {
  const stop = target.closest?.("#board [data-stop]");
  lend(target.closest?.("#board [data-card]"));
  if (!stop) return;
  for (const other of board().querySelectorAll('[data-stop][tabindex="0"]')) other.tabIndex = -1;
  stop.tabIndex = 0;
  current = stop.id;
});

// Whoever pressed "more" goes on with the first of what came.
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const list = detail.target?.matches?.("[data-more]") && detail.target.parentElement;
  wantsNew = list && detail.target.contains(document.activeElement) ? [...list.children].indexOf(detail.target) : "";
  if (wantsNew !== "") wantsNew = { list: list.id, at: wantsNew };
});

document.addEventListener("htmx:afterSettle", () => {
  setUp();
  const wanted = wantsNew;
  wantsNew = "";
  if (wanted) enter(document.getElementById(wanted.list)?.children[wanted.at]?.querySelector("[data-stop]"));
});

document.addEventListener("desk:board-merged", setUp);
setUp();
