// Keeps the board true: asks every 12 s while it is seen, sooner while something is pending, at once
// after a move, an undo or an end; 204 while nothing changed. The answer is taken over card by card,
// so that focus, scroll, open menus and a lifted card stay as they are.
const EVERY = 12_000;
const SOON = 4_000;
const PATIENCE = 20_000;
const STALE = 60_000;
const words = document.getElementById("board-words")?.dataset ?? {};
const board = () => document.getElementById("board");
const busy = () => document.querySelector("#board :is([data-lifted], [data-dragged], [data-sending], .htmx-request)");
let timer = 0;
let asking = false;
let again = false;
let turn = 0;
let undone = 0;

function later(wait) {
  clearTimeout(timer);
  timer = setTimeout(look, wait);
}

function plan() {
  later(document.querySelector('#board [data-standing="pending"], #board [data-standing="creating"]') ? SOON : EVERY);
}

const say = (text, urgent) => text && document.dispatchEvent(new CustomEvent("desk:announce", { detail: { text, urgent } }));

function address() {
  const here = board();
  const query = new URLSearchParams({ v: here.dataset.stamp });
  const shown = [...here.querySelectorAll("[data-most]")].map((one) => `${one.dataset.column}:${one.dataset.most}`);
  if (shown.length) query.set("n", shown.join(","));
  return `${here.dataset.look}&${query}`;
}

async function look() {
  clearTimeout(timer);
  if (!board() || board().hasAttribute("data-only") || document.hidden) return;
  if (asking) {
    again = true;
    return;
  }
  asking = true;
  again = false;
  const mine = turn;
  const answer = await ask();
  asking = false;
  if (answer.elsewhere) return location.assign(answer.elsewhere);
  if (answer.html) take(answer.html, mine);
  if (answer.date && mine === turn) seen(answer.date);
  aged();
  if (again) later(SOON / 8);
  else plan();
}

// Nothing where it is not reached: the age shows it, and it asks again.
async function ask() {
  try {
    const headers = { "HX-Request": "true", "HX-Current-URL": location.href };
    const answer = await fetch(address(), { headers, signal: AbortSignal.timeout(PATIENCE) });
    const html = answer.status === 200 ? await answer.text() : "";
    return { elsewhere: answer.headers.get("HX-Redirect"), html, date: answer.ok && answer.headers.get("Date") };
  } catch {
    return {};
  }
}

function seen(date) {
  const age = board().querySelector("[data-as-of]");
  const at = Date.parse(date ?? "");
  if (!age?.closest(".board__age") || Number.isNaN(at)) return;
  age.dataset.asOf = age.dateTime = new Date(at).toISOString();
  age.closest(".board__age").dataset.seen = Date.now();
}

function aged() {
  const line = board()?.querySelector(".board__age");
  line?.toggleAttribute("data-stale", Date.now() - Number(line.dataset.seen ?? Date.now()) > STALE);
}

// What was asked before a move, or comes while somebody holds a card, says how it stood then.
function take(html, mine) {
  if (mine !== turn || busy()) {
    again = true;
    return;
  }
  const fresh = new DOMParser().parseFromString(html, "text/html").getElementById("board");
  if (fresh) merge(fresh);
}

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
  const isOwn = Date.now() - undone < SOON;
  if (target && was.card && moved && moved !== column && !news.length && !isOwn) {
    say(words.moved.replace("{name}", was.name).replace("{state}", moved.dataset.name));
  }
  if (target && document.activeElement === target) return;
  const cards = [...(column?.querySelectorAll("[data-card] [data-stop]") ?? [])];
  const next = target ?? cards[Math.min(Math.max(was.at, 0), cards.length - 1)] ?? column?.querySelector("[data-stop]");
  next?.focus({ preventScroll: true });
}

function news() {
  turn += 1;
  later(0);
}

document.addEventListener("desk:board-look", news);
// Some of them are told to one element only and do not bubble.
for (const name of ["desk:ended", "desk:undone", "desk:look", "lead:done"]) document.addEventListener(name, news, true);
// What is shown is no longer what any answer said, even where the server comes back to the same.
document.addEventListener("desk:board-move", () => {
  turn += 1;
  board().dataset.stamp = "";
});
document.addEventListener("desk:undone", () => { undone = Date.now(); }, true);
document.addEventListener("visibilitychange", () => document.hidden || later(100));

// One more page of a column: the next look asks for as many, and no card stands there twice.
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const column = detail.target?.matches?.("[data-more]") && detail.target.closest("[data-column]");
  if (!column || detail.xhr.status !== 200) return;
  const fresh = new DOMParser().parseFromString(`<ul>${detail.serverResponse}</ul>`, "text/html").querySelector("ul");
  for (const card of fresh.querySelectorAll("[data-card]")) if (document.getElementById(card.id)) card.remove();
  detail.serverResponse = fresh.innerHTML;
  column.dataset.most = Number(column.dataset.most ?? board().dataset.first) + Number(board().dataset.step);
});
document.addEventListener("htmx:afterSettle", plan);
plan();
