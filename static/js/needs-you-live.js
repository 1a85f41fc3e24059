// Keeps "Needs you" true without taking anything out of a person's hands: it asks every 10 s while it
// is seen, and takes over the answer card by card. A card that somebody is at stays as it is and says
// what became of it; new ones wait behind a button meanwhile. 204 while nothing changed.
const EVERY = 10_000;
const AFTER_DECISION = 300;
const looker = document.getElementById("needs-you-look");
const list = () => document.getElementById("troubles");
const told = new Set();
let timer = 0;
let waiting = [];
let order = [];

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

const items = () => [...list().children];
const isNoted = (item) => Boolean(item.querySelector(".trouble--noted"));
const hasTyped = (item) => [...item.querySelectorAll(".input")].some((field) => field.value);
const isHeld = (item) => item.contains(document.activeElement) || hasTyped(item);

function take(text) {
  const page = new DOMParser().parseFromString(text, "text/html");
  const fresh = page.getElementById("troubles");
  if (!fresh) return;
  const wanted = [...fresh.children];
  order = wanted.map(({ id }) => id);
  const shown = items().filter((item) => !isNoted(item));
  for (const item of shown) compare(item, wanted.find(({ id }) => id === item.id));
  waiting = wanted.filter(({ id }) => !shown.some((item) => item.id === id));
  const count = waiting.filter(isNews).length;
  if (!items().some(isHeld)) bring();
  list().dataset.stamp = fresh.dataset.stamp;
  for (const id of ["needs-you-head", "needs-you-count", "all-clear"]) swap(document.getElementById(id), page.getElementById(id));
  if (count) announce(words(count));
  tell();
}

// Each time it comes to stand here is news once.
function isNews({ id, dataset }) {
  const name = `${id} ${dataset.version}`;
  return !told.has(name) && Boolean(told.add(name));
}

function compare(item, now) {
  if (now?.dataset.version === item.dataset.version) return;
  if (isHeld(item)) return say(item, now ? looker.dataset.changed : looker.dataset.gone);
  if (now) swap(item, now);
  else item.remove();
}

// A word above what the person is doing; a decision that comes too late the server refuses.
function say(item, text) {
  const note = item.querySelector(".trouble__meanwhile") || document.createElement("p");
  if (note.textContent === text) return;
  note.className = "trouble__meanwhile notice";
  note.dataset.tone = "warning";
  note.textContent = text;
  item.querySelector(".trouble__head")?.after(note);
  announce(text);
}

// What had the focus keeps it, where it is still there.
function swap(old, now) {
  if (!old || !now || old.outerHTML === now.outerHTML) return;
  const { id } = document.activeElement;
  old.replaceWith(now);
  window.htmx.process(now);
  if (id && document.activeElement.id !== id) document.getElementById(id)?.focus();
}

function bring() {
  for (const item of waiting) {
    document.getElementById(item.id)?.remove();
    const rest = order.slice(order.indexOf(item.id) + 1);
    const next = rest.map((id) => document.getElementById(id)).find(Boolean);
    list().insertBefore(item, next || null);
    window.htmx.process(item);
  }
  waiting = [];
}

function tell() {
  const line = document.getElementById("needs-you-new");
  line.hidden = !waiting.length;
  line.querySelector("span").textContent = words(waiting.length);
}

function words(count) {
  const { one, many } = looker.dataset;
  return count === 1 ? one : many.replace("{n}", count);
}

function show() {
  const first = waiting[0];
  bring();
  tell();
  first?.querySelector(".trouble").focus();
}

function announce(text) {
  document.dispatchEvent(new CustomEvent("desk:announce", { detail: { text } }));
}

if (looker) {
  looker.addEventListener("htmx:configRequest", ({ detail }) => {
    detail.parameters.v = list().dataset.stamp;
  });
  document.addEventListener("htmx:beforeSwap", ({ detail }) => {
    if (detail.requestConfig?.elt !== looker) return;
    detail.shouldSwap = false;
    if (detail.xhr.status === 200) take(detail.serverResponse);
  });
  // After a decision the counts have changed, and perhaps nothing is left.
  document.addEventListener("htmx:afterSettle", ({ detail }) => {
    if (detail.elt?.closest?.("#troubles")) later(AFTER_DECISION);
  });
  document.getElementById("needs-you-new").querySelector("button").addEventListener("click", show);
  document.addEventListener("visibilitychange", () => document.hidden || look());
  later(EVERY);
}
