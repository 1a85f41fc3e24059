// "Needs you" asks by itself, every 10 s while it is seen and soon after a decision. 204 while nothing
// changed; else the answer goes to needs-you-cards.js, which takes it over card by card.
const EVERY = 10_000;
const AFTER_DECISION = 300;
const looker = document.getElementById("needs-you-look");
const list = () => document.getElementById("troubles");
let timer = 0;

function later(wait) {
  clearTimeout(timer);
  timer = setTimeout(look, wait);
}

function look() {
  later(EVERY);
  // Not while a decision is on its way: its answer says how the card stands.
  if (document.hidden || list().querySelector(".htmx-request")) return;
  window.htmx.trigger(looker, "desk:look");
}

if (looker) {
  looker.addEventListener("htmx:configRequest", ({ detail }) => {
    detail.parameters.v = list().dataset.stamp;
  });
  document.addEventListener("htmx:beforeSwap", ({ detail }) => {
    if (detail.requestConfig?.elt !== looker) return;
    detail.shouldSwap = false;
    if (detail.xhr.status !== 200) return;
    document.dispatchEvent(new CustomEvent("desk:needs-you", { detail: { text: detail.serverResponse } }));
  });
  // After a decision the counts have changed, and perhaps nothing is left.
  document.addEventListener("htmx:afterSettle", ({ detail }) => {
    if (detail.elt?.closest?.("#troubles")) later(AFTER_DECISION);
  });
  document.addEventListener("visibilitychange", () => document.hidden || look());
  later(EVERY);
}
