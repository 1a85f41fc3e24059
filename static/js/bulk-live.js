// How a bulk move goes: parts with data-bulk-look ask again, often ("fast") while something is on its
// way, else seldom ("slow"), not at all when all is over; the undo window counts down.
const PACE = { fast: 800, slow: 5000 };
const SECOND = 1000;
let timer = 0;

const parts = () => [...document.querySelectorAll("[data-bulk-look]")].filter((one) => PACE[one.dataset.bulkLook]);

function plan() {
  clearTimeout(timer);
  const paces = parts().map((one) => PACE[one.dataset.bulkLook]);
  if (paces.length) timer = setTimeout(look, Math.min(...paces));
}

function look() {
  for (const found of document.hidden ? [] : parts()) window.htmx.trigger(found, "desk:look-bulk");
  plan();
}

function count() {
  for (const left of document.querySelectorAll("[data-bulk-left]")) {
    left.dataset.end ??= String(Date.now() + Number(left.dataset.bulkLeft) * SECOND);
    const seconds = Math.max(Math.ceil((Number(left.dataset.end) - Date.now()) / SECOND), 0);
    left.textContent = left.dataset.text.replace("{n}", seconds);
  }
}

document.addEventListener("htmx:afterSettle", () => {
  count();
  plan();
});
document.addEventListener("visibilitychange", () => document.hidden || look());
setInterval(count, SECOND / 4);
count();
plan();
