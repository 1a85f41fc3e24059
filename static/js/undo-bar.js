// The bar of what can still be undone: counts down, stops while the pointer or the focus is on it,
// and asks how it ended. The server holds it back: what is counted here is when that sends.
const BEAT = 250;
const RENEW = 25_000;
const SHOWN = 7_000;
const AGAIN = 1_000;
const arrived = performance.timeOrigin + (performance.getEntriesByType("navigation")[0]?.responseStart ?? 0);
const skew = arrived - (Date.parse(document.body.dataset.now) || arrived);
const canHover = matchMedia("(hover: hover)");
const asked = new WeakMap();
const ended = new Set();
let asking = 0;
let [wait, timer] = [0, 0];
let shown = "";

const rows = (kind) => document.querySelectorAll(`.undo__row[${kind}]`);
const now = () => Date.now() - skew;

function beat() {
  clearTimeout(timer);
  for (const row of rows("data-due")) count(row);
  for (const row of [...rows("data-ended"), ...rows("data-trouble")]) tell(row);
  for (const row of rows("data-ended")) leave(row);
  const over = [...rows("data-due")].some((row) => secondsLeft(row) <= 0);
  if ((over || rows("data-follow").length) && Date.now() >= asking + wait) ask();
  if (rows("data-write").length) timer = setTimeout(beat, BEAT);
}

// Only news is followed closely: its own answer that nothing has changed must not ask at once again.
function look() {
  const told = [...rows("data-write")].map((row) => row.dataset.write + row.querySelector("strong").textContent).join();
  if (told !== shown) wait = 0;
  shown = told;
  beat();
}

function count(row) {
  watch(row);
  const left = Math.max(secondsLeft(row), 0);
  const told = row.querySelector("[data-left]");
  const shape = row.dataset.rest ? told.dataset.stopped : told.dataset.text;
  const text = shape.replace("{n}", Math.ceil(left));
  told.hidden = false;
  if (told.textContent !== text) told.textContent = text;
  // Not on the row: htmx carries the style of what has an id over as text, which our policy forbids.
  const line = row.querySelector(".undo__line");
  line.style.setProperty("--left", Math.min(left / Number(row.dataset.window), 1).toFixed(3));
}

// While it is stopped the rest stands still, until the server's own patience is over.
function secondsLeft(row) {
  const due = (Date.parse(row.dataset.due) - now()) / 1000;
  return row.dataset.rest ? Math.min(Number(row.dataset.rest), due) : due;
}

function watch(row) {
  const looked = !document.hidden && ((canHover.matches && row.matches(":hover")) || row.matches(":focus-within"));
  const state = asked.get(row) || { looked: Boolean(row.dataset.rest), at: Date.now(), busy: false };
  asked.set(row, state);
  const renews = looked && Date.now() - state.at > RENEW;
  if (state.busy || (looked === state.looked && !renews)) return;
  Object.assign(state, { looked, at: Date.now(), busy: true });
  hold(row, looked ? "pause" : "go_on").then((isTaken) => {
    // Not taken: the same again in a moment, or it would stand stopped with nobody looking.
    if (!isTaken) state.looked = !looked;
    setTimeout(() => (state.busy = false), isTaken ? 0 : AGAIN);
  });
}

async function hold(row, action) {
  try {
    const headers = JSON.parse(document.body.getAttribute("hx-headers"));
    const body = new URLSearchParams({ action });
    const answer = await fetch(row.dataset.hold, { method: "POST", headers, body });
    if (!answer.ok) return answer.status < 500;
    const told = await answer.json();
    row.dataset.due = told.due_at;
    if (told.rest_seconds === null) delete row.dataset.rest;
    else row.dataset.rest = told.rest_seconds;
    return true;
  } catch {
    return false; // Not reached: the time it was given before still counts.
  }
}

// Soon at first, then less often; the server says when there is nothing left to follow.
function ask() {
  const bar = document.getElementById("held");
  const address = bar ? bar.dataset.address : location.href;
  const follow = [...rows("data-write")].filter((row) => !row.matches("[data-ended], [data-trouble]"));
  asking = Date.now();
  wait = Math.min(wait ? wait * 1.5 : 400, 3000);
  if (!bar) return location.reload();
  const query = new URLSearchParams({ follow: follow.map((row) => row.dataset.write).join(",") });
  const sent = window.htmx.ajax("GET", `${address}?${query}`, { source: bar, target: bar, swap: "outerHTML" });
  // Not reached: it asks again by itself.
  sent.catch(() => {});
}

// Once, to the parts of the page that show the same thing.
function tell(row) {
  if (ended.has(row.dataset.write)) return;
  ended.add(row.dataset.write);
  document.body.dispatchEvent(new CustomEvent("desk:ended"));
}

function leave(row) {
  const state = asked.get(row) || { since: Date.now() };
  asked.set(row, state);
  if (row.matches(":hover, :focus-within")) state.since = Date.now();
  if (Date.now() - state.since > SHOWN) row.remove();
}

// The page around it shows the same write: it looks again at once.
document.addEventListener("desk:undone", () => {
  for (const part of document.querySelectorAll("[data-look]")) window.htmx.trigger(part, "desk:look");
});
for (const name of ["htmx:afterSettle", "htmx:oobAfterSwap"]) document.addEventListener(name, look);
document.addEventListener("visibilitychange", beat);
beat();
