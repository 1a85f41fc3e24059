// A card moved by keys: Space lifts it, the arrows choose the state, Enter or Space moves it there,
// Escape puts it back. Each step is read out, and a line says what the keys do.
const words = document.getElementById("board-words")?.dataset ?? {};
const hint = document.getElementById("board-hint");
const board = () => document.getElementById("board");
const linkOf = (card) => card.querySelector(".lead-card__name");
let lifted = null;

const send = (name, detail) => document.dispatchEvent(new CustomEvent(name, { detail }));
const say = (text, urgent) => send("desk:announce", { text, urgent });
const told = (shape, values) => Object.entries(values).reduce((text, [name, value]) => text.replace(`{${name}}`, value), shape);
const columns = () => [...board().querySelectorAll("[data-column]")];
const nameOf = (column) => column.dataset.name;
const mayEnter = (column) => column === lifted.home || (column.dataset.state && !column.hasAttribute("data-closed"));

function lift(card) {
  const home = card.closest("[data-column]");
  const name = card.dataset.name;
  if (card.hasAttribute("data-fixed")) return say(words.fixed, true);
  if (home.hasAttribute("data-closed")) return say(told(words.locked, { state: nameOf(home) }), true);
  lifted = { card, home, over: home };
  card.dataset.lifted = "";
  card.dataset.before ??= card.nextElementSibling?.id ?? "";
  say(`${told(words.lifted, { name, state: nameOf(home) })} ${words.line}`);
  show();
}

function show() {
  for (const column of columns()) {
    column.toggleAttribute("data-over", column === lifted?.over && column !== lifted?.home);
    column.toggleAttribute("data-barred", Boolean(lifted) && !mayEnter(column));
  }
  if (!hint) return;
  hint.hidden = !lifted;
  if (lifted) hint.textContent = told(words.hint, { name: lifted.card.dataset.name, state: nameOf(lifted.over) });
}

function step(by) {
  const all = columns();
  const start = all.indexOf(lifted.over);
  const left = [];
  let at = start + by;
  while (all[at] && !mayEnter(all[at])) {
    if (all[at].hasAttribute("data-closed")) left.push(told(words.closed, { state: nameOf(all[at]) }));
    at += by;
  }
  if (all[at]) hover(all[at], all, left);
  else if (left.length) say(left.join(" "));
}

function hover(column, all, left) {
  const { card, home } = lifted;
  lifted.over = column;
  const list = column.querySelector(".column__cards");
  if (column === home) {
    const before = document.getElementById(card.dataset.before);
    list?.insertBefore(card, before?.parentElement === list ? before : null);
  } else list?.prepend(card);
  // Moving it took the focus away.
  linkOf(card).focus({ preventScroll: true });
  (list ? card : column).scrollIntoView({ block: "nearest", inline: "nearest" });
  const open = all.filter(mayEnter);
  const values = { state: nameOf(column), n: open.indexOf(column) + 1, all: open.length };
  say([...left, told(column === home ? words.home : words.over, values)].join(" "));
  show();
}

function end() {
  const was = lifted;
  delete was.card.dataset.lifted;
  lifted = null;
  show();
  return was;
}

function putBack() {
  const { card, home } = end();
  send("desk:board-back", { card });
  linkOf(card).focus({ preventScroll: true });
  card.scrollIntoView({ block: "nearest", inline: "nearest" });
  say(told(words.back, { name: card.dataset.name, state: nameOf(home) }));
}

function drop() {
  const { card, home, over } = end();
  const state = over === home ? card.dataset.state : over.dataset.state;
  send("desk:board-move", { card, state });
}

const KEYS = { ArrowLeft: -1, ArrowRight: 1 };

function whileLifted(event) {
  const forward = getComputedStyle(board()).direction === "rtl" ? -1 : 1;
  if (event.key in KEYS) step(KEYS[event.key] * forward);
  else if (event.key === "Enter" || event.key === " ") drop();
  else if (event.key === "Escape" || event.key === "Tab") putBack();
}

// Before everybody else: while a card is lifted the keys belong to it.
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (lifted) {
    if (event.key !== "Tab") event.preventDefault();
    event.stopImmediatePropagation();
    if (!event.repeat || event.key in KEYS) whileLifted(event);
    return;
  }
  const link = event.target.closest?.("#board .lead-card__name");
  if (!link || event.key !== " " || event.shiftKey) return;
  event.preventDefault();
  if (!event.repeat) lift(link.closest("[data-card]"));
}, true);

// Whoever turns to something else has let go of it.
document.addEventListener("pointerdown", () => lifted && putBack());
window.addEventListener("pagehide", () => lifted && putBack());
