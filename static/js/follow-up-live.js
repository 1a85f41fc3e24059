// The queue looks again by itself while it is seen: what colleagues did shows, and they see who is on
// which lead. 204 while nothing changed. What can be taken back no longer loses its button.
const EVERY = 15_000;
const list = () => document.getElementById("queue-list");
let timer = 0;

function look() {
  clearTimeout(timer);
  timer = setTimeout(look, EVERY);
  if (!document.hidden && list()) window.htmx.trigger(list(), "desk:look");
}

document.addEventListener("htmx:configRequest", ({ detail }) => {
  if (detail.elt === list()) detail.parameters.v = list().dataset.stamp;
});

// Undone in the bar: the head and the lead show it, too.
document.addEventListener("visibilitychange", () => document.hidden || look());

function forget() {
  for (const form of document.querySelectorAll("[data-for-seconds]:not([data-counted])")) {
    form.dataset.counted = "";
    setTimeout(() => form.remove(), Number(form.dataset.forSeconds) * 1000);
  }
}

document.addEventListener("htmx:afterSettle", forget);
forget();
timer = setTimeout(look, EVERY);
