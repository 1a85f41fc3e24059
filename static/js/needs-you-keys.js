// On "Needs you": from card to card (the buttons J and K of shortcuts.js), digits for the buttons of
// the card that has the focus, and after a decision on to the next card.
const CARDS = ".trouble:not(.trouble--noted)";
const isOn = () => document.documentElement.dataset.letters !== "off";
const cards = () => [...document.querySelectorAll(`#troubles ${CARDS}`)];

document.addEventListener("click", ({ target }) => {
  const button = target.closest?.("[data-step]");
  if (button) step(Number(button.dataset.step));
});

let here = null;
document.addEventListener("focusin", ({ target }) => {
  here = target.closest?.("#troubles > li") || (target.closest?.("[data-step]") ? here : null);
});

// From where the focus is, or was before the button took it; else from the top.
function step(by) {
  const all = cards();
  if (!all.length) return;
  const from = here?.isConnected ? all.findIndex((card) => here.contains(card)) : -1;
  const next = from < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(Math.max(from + by, 0), all.length - 1);
  all[next].focus();
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.repeat || event.ctrlKey || event.metaKey || event.altKey) return;
  if (!isOn() || !/^[1-9]$/.test(event.key) || isTyping(event.target) || document.querySelector("dialog[open]")) return;
  const ways = event.target.closest?.(CARDS)?.querySelector("[data-ways]");
  const button = ways?.querySelector(`[data-key="${event.key}"]`);
  if (!button || button.disabled) return;
  event.preventDefault();
  button.click();
});

function isTyping(target) {
  return Boolean(target?.closest?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]"));
}

// After focus.js, which puts it on what was swapped in: that stays where no other card is left.
document.addEventListener("htmx:afterSettle", ({ detail }) => {
  const noted = detail.elt?.closest?.(".trouble--noted");
  const item = noted?.closest("#troubles > li");
  if (!item) return;
  const after = (card) => item.compareDocumentPosition(card) & Node.DOCUMENT_POSITION_FOLLOWING;
  const left = cards();
  (left.find(after) || left.at(-1))?.focus();
});

const steps = document.querySelector(".trouble-steps");
if (steps) steps.hidden = false;
