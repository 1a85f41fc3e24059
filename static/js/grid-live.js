// Keeps the grid true: asks for changes every 15 s while it is seen, at once when it is stale, comes
// back into view or is asked to (event desk:refresh-grid on the document), and never twice at a time.
// The server answers 204 while nothing changed; then only the age is new.
const EVERY = 15_000;
const LOADING = 1_000;
const part = () => document.getElementById("grid");
let timer = 0;
let before = null;

function later(wait) {
  clearTimeout(timer);
  timer = setTimeout(ask, wait);
}

function ask() {
  const grid = part();
  later(EVERY);
  if (!grid?.hasAttribute("hx-get") || document.hidden) return;
  if (document.querySelector("#availability .htmx-request")) return later(LOADING);
  window.htmx.trigger(grid, "desk:refresh");
}

function plan() {
  const grid = part();
  if (!grid) return;
  if (grid.hasAttribute("data-loading")) return later(LOADING);
  later(grid.dataset.poll === "now" ? 50 : EVERY);
  // Once per grid: a stale one that Connect does not renew is asked again in its time.
  grid.dataset.poll = "later";
}

const told = (cell) => cell && (cell.querySelector("button") || cell).getAttribute("aria-label");

function watched() {
  const focused = document.activeElement?.closest?.(".slot-grid td");
  const cell = focused || document.querySelector('.slot-grid [aria-selected="true"]');
  if (!cell) return null;
  return { ref: cell.querySelector("button")?.value || cell.dataset.slot, text: told(cell) };
}

function announce(text) {
  if (text) document.dispatchEvent(new CustomEvent("desk:announce", { detail: { text } }));
}

document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  before = detail.target?.id === "grid" ? watched() : null;
});

document.addEventListener("htmx:afterSettle", () => {
  const was = before;
  before = null;
  if (!was?.ref) return;
  const stop = document.querySelector(`.slot-grid [value="${was.ref}"], .slot-grid [data-slot="${was.ref}"]`);
  const now = told(stop?.closest("td"));
  if (now && now !== was.text) announce(part().dataset.changed.replace("{cell}", now));
});

document.addEventListener("htmx:afterRequest", ({ detail }) => {
  if (detail.target?.id !== "grid") return;
  const grid = part();
  const asOf = detail.xhr?.getResponseHeader("Desk-As-Of");
  const age = grid?.querySelector("[data-as-of]");
  if (asOf && age) {
    age.dataset.asOf = asOf;
    age.dateTime = asOf;
    const clock = grid.querySelector("[data-clock]");
    if (clock) clock.textContent = clockOf(asOf, grid.querySelector("[data-zone]")?.dataset.zone);
    if (detail.elt?.id === "grid-refresh") announce(grid.dataset.same);
  }
  if (grid?.hasAttribute("data-loading")) later(LOADING);
});

function clockOf(instant, zone) {
  const shown = { timeZone: zone, hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" };
  return new Intl.DateTimeFormat("en-GB", shown).format(new Date(instant));
}

document.addEventListener("htmx:afterSwap", plan);
document.addEventListener("visibilitychange", () => document.hidden || ask());
document.addEventListener("desk:refresh-grid", ask);
window.addEventListener("focus", () => later(100));
plan();
