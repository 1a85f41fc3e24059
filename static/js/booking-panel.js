// The panel between two times, and the status of what was asked for: what was typed comes along to
// another cell, and a status asks for itself, often at first and less later.
const WAITS = [300, 300, 300, 300, 500, 500, 800, 800, 1200, 1200, 2000];
const SLOW = 3000;
let timer = 0;
let asked = 0;
let kept = null;
let planned = null;

// What a dialog shows is looked after first. A board asks for itself (board-live.js).
function next() {
  const above = document.querySelector("dialog[open] [data-look]");
  return above || document.querySelector("[data-look]:not(#board)");
}

function plan() {
  clearTimeout(timer);
  planned = next();
  if (!planned) return;
  const wait = planned.dataset.look === "slow" ? SLOW : WAITS[Math.min(asked, WAITS.length - 1)];
  timer = setTimeout(look, wait);
}

function look() {
  const part = next();
  asked += 1;
  // A form in it may be half filled in, and a hidden page needs nothing.
  if (part && !document.hidden && !part.classList.contains("htmx-request")) window.htmx.trigger(part, "desk:look");
  plan();
}

// Typed for one time, wanted for another: the fields themselves move on to the new panel.
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (detail.target?.id !== "panel" || detail.requestConfig?.verb !== "get") return;
  const parts = [...document.querySelectorAll("#booking-form [data-keep]")];
  const fresh = detail.pathInfo?.requestPath?.includes("empty=1");
  kept = !fresh && parts.some(isFilled) ? parts : kept;
  if (fresh) kept = null;
});

function isFilled(part) {
  return [...part.querySelectorAll("input")].some((field) =>
    field.type === "checkbox" ? field.checked : field.value && !field.closest("noscript"),
  );
}

function bringAlong() {
  const form = document.getElementById("booking-form");
  if (!kept || !form) return;
  for (const part of kept) {
    const place = form.querySelector(`[data-keep="${part.dataset.keep}"]`);
    if (!place || place === part) continue;
    place.replaceWith(part);
    // htmx let go of it when the old panel left.
    window.htmx.process(part);
  }
  kept = null;
  const chosen = form.querySelector('[name="lead"][type="hidden"]');
  (chosen ? form.querySelector(".booking__submit") : document.getElementById("lead-q"))?.focus();
}

function ownZone() {
  const here = document.documentElement.dataset.myZone || Intl.DateTimeFormat().resolvedOptions().timeZone;
  for (const note of document.querySelectorAll("[data-own-zone]")) {
    const language = document.documentElement.lang;
    const told = (zone) => {
      const shown = { timeZone: zone, weekday: "long", hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
      const format = new Intl.DateTimeFormat(language, shown);
      return format.formatRange(new Date(note.dataset.starts), new Date(note.dataset.ends));
    };
    note.hidden = told(here) === told(note.dataset.ownZone);
    note.textContent = note.dataset.text.replace("{when}", told(here)).replace("{zone}", here);
  }
}

function reveal() {
  for (const button of document.querySelectorAll("[data-copy][hidden]")) button.hidden = !navigator.clipboard;
}

document.addEventListener("click", async ({ target }) => {
  const button = target.closest?.("[data-copy]");
  if (!button) return;
  await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent.trim());
  const text = button.dataset.copied;
  document.dispatchEvent(new CustomEvent("desk:toast", { detail: { text, kind: "good" } }));
});

document.addEventListener("htmx:afterSettle", ({ detail }) => {
  if (detail.target?.id === "panel") bringAlong();
  ownZone();
  reveal();
});
document.addEventListener("htmx:afterSwap", ({ detail }) => {
  // Something new is shown: the next step may follow soon.
  const isNew = detail.elt?.matches?.("[data-look]") || detail.target?.id === "panel";
  if (isNew) asked = 0;
  // What other parts of the page ask for meanwhile puts nothing off.
  if (isNew || next() !== planned) plan();
});
document.addEventListener("visibilitychange", () => document.hidden || look());
ownZone();
reveal();
plan();
