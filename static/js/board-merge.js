// Takes over what the board says now (`desk:board-answer` {html}), card by card, so that focus, scroll,
// open menus and a lifted card stay as they are; `desk:board-merged` says that it was done.
const OWN = 4_000;
const words = document.getElementById("board-words")?.dataset ?? {};
const board = () => document.getElementById("board");
let undone = 0;

const say = (text, urgent) => text && document.dispatchEvent(new CustomEvent("desk:announce", { detail: { text, urgent } }));

function merge(fresh) {
  const here = board();
  const focused = here.contains(document.activeElement) ? remember(document.activeElement) : null;
  const news = [];
  const lists = [here, fresh].map((one) => [...one.querySelectorAll("[data-column]")]);
  if (lists[0].map((one) => one.id).join() === lists[1].map((one) => one.id).join()) {
    const ids = new Set([...fresh.querySelectorAll("[data-card]")].map((one) => one.id));
    lists[1].forEach((column, at) => mergeColumn(lists[0][at], column, news));
    removeOthers(here, ids);
  } else {
    here.replaceChildren(...fresh.childNodes);
    window.htmx.process(here);
  }
  const foot = fresh.querySelector(".board__foot");
  if (foot) here.querySelector(".board__foot")?.replaceWith(foot);
  for (const name of ["stamp", "look"]) here.dataset[name] = fresh.dataset[name] ?? here.dataset[name];
  document.dispatchEvent(new CustomEvent("desk:board-merged"));
  if (focused) restore(focused, news);
  for (const text of news) say(text, true);
}

const headOf = (column) => ["name", "state", "hue", "folded", "closed"].map((name) => column.dataset[name] ?? "-").join("|");

function mergeColumn(column, fresh, news) {
  if (headOf(column) !== headOf(fresh)) {
    column.replaceWith(fresh);
    window.htmx.process(fresh);
    return;
  }
  column.querySelector("[data-count]").textContent = fresh.querySelector("[data-count]").textContent;
  column.toggleAttribute("data-most", fresh.hasAttribute("data-most"));
  if (fresh.dataset.most) column.dataset.most = fresh.dataset.most;
  const [list, wanted] = [column, fresh].map((one) => one.querySelector(".column__cards"));
  if (!list) return;
  let at = list.firstElementChild;
  for (const card of [...wanted.querySelectorAll("[data-card]")]) {
    const known = knownOf(card);
    const node = known && isSame(known, card) ? known : card;
    if (known === at && known) at = at.nextElementSibling;
    if (node !== known && known) succeed(known, card, news);
    if (node !== at?.previousElementSibling || node.parentElement !== list) list.insertBefore(node, at);
  }
  mergeMore(list, wanted.querySelector("[data-more]"));
}

// The card that is on the board already, wherever that is.
function knownOf(card) {
  const known = document.getElementById(card.id);
  return known && board().contains(known) ? known : null;
}

function isSame(known, card) {
  known.hidden = false;
  return known.dataset.stamp === card.dataset.stamp;
}

// What stood on the card in person stays; what is in trouble since then is told.
function succeed(known, card, news) {
  const note = known.querySelector(".lead-card__refused");
  if (card.dataset.standing === "troubled" && known.dataset.standing !== "troubled") {
    news.push(`${card.dataset.name}: ${card.querySelector("[data-said]")?.textContent ?? ""}`);
  } else if (note) card.append(note);
  known.remove();
}

function mergeMore(list, fresh) {
  const known = list.querySelector("[data-more]");
  if (known && fresh && known.querySelector("a").getAttribute("href") === fresh.querySelector("a").getAttribute("href")) {
    list.append(known);
    return;
  }
  known?.remove();
  if (!fresh) return;
  list.append(fresh);
  window.htmx.process(fresh);
}

function removeOthers(here, ids) {
  for (const card of here.querySelectorAll("[data-card]")) if (!ids.has(card.id)) card.remove();
}

function remember(active) {
  const card = active.closest("[data-card]");
  const column = active.closest("[data-column]");
  const cards = column ? [...column.querySelectorAll("[data-card]")] : [];
  return { id: active.id, card: card?.id, column: column?.id, name: card?.dataset.name, at: cards.indexOf(card) };
}

// On the same thing; where that is gone, on what stands in its place.
function restore(was, news) {
  const target = (was.id && document.getElementById(was.id)) || document.querySelector(`#${CSS.escape(was.card ?? "-")} [data-stop]`);
  const column = document.getElementById(was.column);
  const moved = target?.closest("[data-column]");
  // Who has just undone it was told so.
  const isOwn = Date.now() - undone < OWN;
  if (target && was.card && moved && moved !== column && !news.length && !isOwn) {
    say(words.moved.replace("{name}", was.name).replace("{state}", moved.dataset.name));
  }
  if (target && document.activeElement === target) return;
  const cards = [...(column?.querySelectorAll("[data-card] [data-stop]") ?? [])];
  const next = target ?? cards[Math.min(Math.max(was.at, 0), cards.length - 1)] ?? column?.querySelector("[data-stop]");
  next?.focus({ preventScroll: true });
}

document.addEventListener("desk:board-answer", ({ detail }) => {
  const fresh = new DOMParser().parseFromString(detail.html, "text/html").getElementById("board");
  if (fresh) merge(fresh);
});
document.addEventListener("desk:undone", () => { undone = Date.now(); }, true);
