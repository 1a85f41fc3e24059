// The gap filler: 1 to 9 press the button of that row, arrows move from row to row, Enter presses the
// focused one. One slot is given away once: after the first press the other rows wait. Digits follow
// the switch for single keys (shortcuts.js), and leave a page alone that asks another question.
const list = () => document.querySelector("[data-gap]");
const buttons = () => [...(list()?.querySelectorAll("[data-key]") || [])];

const isOn = () => document.documentElement.dataset.letters !== "off";

function isTyping(target) {
  return Boolean(target?.closest?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]"));
}

function isElsewhere(target) {
  return isTyping(target) || document.querySelector("dialog[open], [data-choices]");
}

function move(event) {
  const all = buttons();
  const at = all.indexOf(document.activeElement);
  // Outside of the list an arrow scrolls the page, as everywhere.
  if (at < 0 && document.activeElement !== document.body) return;
  event.preventDefault();
  const next = event.key === "ArrowDown" ? at + 1 : at - 1;
  all[Math.min(Math.max(next, 0), all.length - 1)]?.focus();
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || !list()) return;
  if (isElsewhere(event.target)) return;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") move(event);
  if (!/^[1-9]$/.test(event.key) || event.repeat || !isOn()) return;
  const button = list().querySelector(`[data-key="${event.key}"]`);
  if (!button) return;
  event.preventDefault();
  button.click();
});

document.addEventListener("submit", (event) => {
  const rows = event.target.closest?.("[data-gap]");
  if (!rows) return;
  if (rows.hasAttribute("data-sent")) return event.preventDefault();
  rows.setAttribute("data-sent", "");
  event.target.querySelector("[data-key]").setAttribute("aria-busy", "true");
});

// A page that comes back from the history is a question again; its forms carry the same intent.
window.addEventListener("pageshow", ({ persisted }) => {
  if (!persisted) return;
  list()?.removeAttribute("data-sent");
  for (const button of buttons()) button.removeAttribute("aria-busy");
});
