// The one way of a card to another state, for keys, pointer and menu (`desk:board-move` {card, state}).
// It goes there at once as pending and is asked for; what is refused goes back and says why on the
// card (board-card.js) and aloud. Moves of one card follow each other. `desk:board-back` {card} puts it
// back unasked.
const PATIENCE = 15_000;
const words = document.getElementById("board-words")?.dataset ?? {};
const turns = new Map();
const board = () => document.getElementById("board");
const linkOf = (card) => card.querySelector(".lead-card__name");

const tell = (name, detail) => document.dispatchEvent(new CustomEvent(name, { detail }));
const say = (text, urgent) => tell("desk:announce", { text, urgent });
const note = (card, text) => tell("desk:board-note", { card, text });
const complain = (card, text) => tell("desk:board-complaint", { card, text });
const told = (shape, values) => Object.entries(values).reduce((text, [name, value]) => text.replace(`{${name}}`, value), shape);
const columnOf = (state) =>
  (state && board().querySelector(`[data-column][data-state="${CSS.escape(state)}"]`)) || board().querySelector('[data-column="other"]');
const nameOf = (state) => columnOf(state)?.dataset.name ?? "";

function recount(column, by) {
  const count = column?.querySelector("[data-count]");
  if (count) count.textContent = Math.max(Number(count.textContent) + by, 0);
}

// A folded column shows no cards; the card is there all the same and counted.
function put(card, column, before) {
  const list = column?.querySelector(".column__cards");
  const held = card.contains(document.activeElement);
  card.hidden = !list;
  if (list && !(card.parentElement === list && !before)) list.insertBefore(card, before ?? list.firstElementChild);
  if (!held || document.activeElement === linkOf(card)) return;
  (list ? linkOf(card) : column?.querySelector("[data-stop]"))?.focus();
}

function goBack(card) {
  const home = columnOf(card.dataset.state);
  const next = card.dataset.before && document.getElementById(card.dataset.before);
  put(card, home, next?.closest("[data-column]") === home ? next : null);
  delete card.dataset.before;
}

document.addEventListener("desk:board-back", ({ detail }) => goBack(detail.card));

document.addEventListener("desk:board-move", ({ detail: { card, state } }) => {
  const name = card.dataset.name;
  if (!("sending" in card.dataset) && state === card.dataset.state) {
    goBack(card);
    return say(told(words.undone, { name, state: nameOf(state) }));
  }
  const last = card.dataset.asked ?? card.dataset.state;
  complain(card, "");
  card.dataset.before ??= card.nextElementSibling?.id ?? "";
  card.dataset.sending = Number(card.dataset.sending ?? 0) + 1;
  card.dataset.asked = state;
  put(card, columnOf(state));
  recount(columnOf(last), -1);
  recount(columnOf(state), 1);
  note(card, words.sending);
  say(told(words.asked, { name, state: nameOf(state) }));
  const turn = (turns.get(card.dataset.card) ?? Promise.resolve()).then(() => ask(card, state));
  turns.set(card.dataset.card, turn);
});

async function ask(card, state) {
  const answer = await send(card.dataset.moveUrl, { intent: crypto.randomUUID(), state, board: "1" });
  const rest = Number(card.dataset.sending) - 1;
  card.dataset.sending = rest;
  // What was asked for later decides where it stands.
  if (!rest) {
    delete card.dataset.sending;
    delete card.dataset.asked;
  }
  if (answer.bar) showBar(answer.bar);
  if (!answer.error) accept(card, state, rest);
  else refuse(card, state, answer.error, rest);
  tell("desk:board-look");
}

function accept(card, state, rest) {
  card.dataset.state = state;
  delete card.dataset.before;
  if (rest) return;
  card.dataset.standing = "pending";
  // The next look says it again, in the server's words.
  card.dataset.stamp = "";
  note(card, words.pending);
}

function refuse(card, state, why, rest) {
  if (!rest) {
    recount(columnOf(state), -1);
    recount(columnOf(card.dataset.state), 1);
    goBack(card);
    note(card, "");
    card.dataset.stamp = "";
  }
  complain(card, why);
  const values = { name: card.dataset.name, state: nameOf(card.dataset.state), why };
  say(told(words.refused, values), true);
}

async function send(address, fields) {
  const own = JSON.parse(document.body.getAttribute("hx-headers") ?? "{}");
  const headers = { ...own, "HX-Request": "true", "HX-Current-URL": location.href };
  const body = new URLSearchParams(fields);
  try {
    const answer = await fetch(address, { method: "POST", headers, body, signal: AbortSignal.timeout(PATIENCE) });
    const elsewhere = answer.headers.get("HX-Redirect");
    if (elsewhere) location.assign(elsewhere);
    if (answer.ok || answer.status === 422) return await answer.json();
    return { error: { 403: words.forbidden, 404: words.gone }[answer.status] ?? words.failed };
  } catch {
    return { error: words.away };
  }
}

function showBar(html) {
  const bar = document.getElementById("held");
  if (bar) window.htmx.swap(bar, html, { swapStyle: "outerHTML", swapDelay: 0, settleDelay: 0 });
}
