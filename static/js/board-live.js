// Keeps the board true: asks every 12 s while it is seen, sooner while something is pending, at once
// after a move, an undo or an end; 204 while nothing changed. `desk:board-answer` {html} hands on what
// may be shown (board-merge.js).
const EVERY = 12_000;
const SOON = 4_000;
const PATIENCE = 20_000;
const STALE = 60_000;
const board = () => document.getElementById("board");
const busy = () => document.querySelector("#board :is([data-lifted], [data-dragged], [data-sending], .htmx-request)");
let timer = 0;
let asking = false;
let again = false;
let turn = 0;

function later(wait) {
  clearTimeout(timer);
  timer = setTimeout(look, wait);
}

function plan() {
  later(document.querySelector('#board [data-standing="pending"], #board [data-standing="creating"]') ? SOON : EVERY);
}

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
  document.dispatchEvent(new CustomEvent("desk:board-answer", { detail: { html } }));
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
