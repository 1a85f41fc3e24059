// Takes over what needs-you-live.js brings (`desk:needs-you`) without taking anything out of a person's
// hands: a card that somebody is at stays as it is and says what became of it, and new ones wait behind
// a button meanwhile.
const texts = document.getElementById("needs-you-look")?.dataset;
const list = () => document.getElementById("troubles");
const told = new Set();
let waiting = [];
let order = [];

const items = () => [...list().children];
const isNoted = (item) => Boolean(item.querySelector(".trouble--noted"));
const hasTyped = (item) => [...item.querySelectorAll(".input")].some((field) => field.value);
const isHeld = (item) => item.contains(document.activeElement) || hasTyped(item);

function take({ detail: { text } }) {
  const page = new DOMParser().parseFromString(text, "text/html");
  const fresh = page.getElementById("troubles");
  if (!fresh) return;
  const wanted = [...fresh.children];
  order = wanted.map(({ id }) => id);
  const shown = items().filter((item) => !isNoted(item));
  const left = shown.filter((item) => !compare(item, wanted.find(({ id }) => id === item.id)));
  waiting = wanted.filter(({ id }) => !shown.some((item) => item.id === id));
  const count = waiting.filter(isNews).length;
  if (!items().some(isHeld)) bring();
  // What could not be taken over is asked for again: the person may have left it by then.
  list().dataset.stamp = left.length ? "" : fresh.dataset.stamp;
  for (const id of ["needs-you-head", "needs-you-count", "all-clear"]) swap(document.getElementById(id), page.getElementById(id));
  if (count) announce(words(count));
  tell();
}

// Each time it comes to stand here is news once.
function isNews({ id, dataset }) {
  const name = `${id} ${dataset.version}`;
  return !told.has(name) && Boolean(told.add(name));
}

// Whether the card is now as it should be.
function compare(item, now) {
  if (now?.dataset.version === item.dataset.version) return true;
  if (isHeld(item)) return say(item, now ? texts.changed : texts.gone);
  if (now) swap(item, now);
  else item.remove();
  return true;
}

// A word above what the person is doing; a decision that comes too late the server refuses.
function say(item, text) {
  const note = item.querySelector(".trouble__meanwhile") || document.createElement("p");
  if (note.textContent === text) return false;
  note.className = "trouble__meanwhile notice";
  note.dataset.tone = "warning";
  note.textContent = text;
  item.querySelector(".trouble__head")?.after(note);
  announce(text);
  return false;
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
  return count === 1 ? texts.one : texts.many.replace("{n}", count);
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

if (texts) {
  document.addEventListener("desk:needs-you", take);
  document.getElementById("needs-you-new").querySelector("button").addEventListener("click", show);
}
