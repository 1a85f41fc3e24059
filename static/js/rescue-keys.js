// A list of rows to call through: arrows go from row to row, Home and End to the ends, and the keys
// shown on the buttons of the row that has the focus press them. Escape closes its other times.
// Never while somebody types; single keys can be switched off (shortcuts.js), arrows cannot.
const ROW = "[data-rescue-row]";

const isOn = () => document.documentElement.dataset.letters !== "off";

const rows = () => [...document.querySelectorAll(ROW)];
const isTyping = (target) =>
  Boolean(target.closest?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]"));

function goal(key, at, length) {
  switch (key) {
    case "ArrowDown": return Math.min(at + 1, length - 1);
    case "ArrowUp": return Math.max(at - 1, 0);
    case "Home": return 0;
    case "End": return length - 1;
    default: return -1;
  }
}

function enter(row) {
  for (const other of document.querySelectorAll(`${ROW}[tabindex="0"]`)) other.tabIndex = -1;
  row.tabIndex = 0;
  row.focus();
  row.scrollIntoView({ block: "nearest" });
}

// Before the letters of the page: a row's own keys go first.
document.addEventListener(
  "keydown",
  (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (document.querySelector("dialog[open]")) return;
    const row = event.target.closest?.(ROW);
    if (event.key === "Escape" && row) return press(event, row);
    if (isTyping(event.target)) return;
    const all = rows();
    const nowhere = event.target === document.body || event.target.id === "main";
    const to = row || nowhere ? goal(event.key, row ? all.indexOf(row) : -1, all.length) : -1;
    if (to >= 0 && all[to] && !event.shiftKey) {
      event.preventDefault();
      enter(all[to]);
    } else if (row && isOn() && !event.repeat && /^[1-9]$/.test(event.key)) press(event, row);
  },
  true,
);

function press(event, row) {
  // The answer to the last key is still on its way; what is shown now may mean something else.
  if (row.querySelector(".htmx-request")) return event.preventDefault();
  const choices = row.querySelector("[data-rescue-choices]");
  const button = (choices || row).querySelector(`[data-key="${event.key}"]`);
  if (!button || button.disabled) return;
  event.preventDefault();
  event.stopPropagation();
  button.click();
}

// One row is in the tab order by itself; a click or a swap may make it another one.
function stop() {
  const all = rows();
  if (all.length && !all.some((row) => row.tabIndex === 0)) all[0].tabIndex = 0;
}

let kept = null;

document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const row = detail.target?.closest?.(ROW);
  if (row) kept = row.contains(document.activeElement) ? row.id : null;
});

// Whoever answered by a key is on the row again, so that the next arrow leads on; whoever has gone
// on meanwhile stays where they are.
document.addEventListener("htmx:afterSettle", () => {
  stop();
  const row = kept && document.getElementById(kept);
  const active = document.activeElement;
  const isHere = !active || active === document.body || row?.contains(active);
  kept = null;
  if (row && isHere && !row.querySelector("[data-focus-after]")) enter(row);
});

document.addEventListener("focusin", ({ target }) => {
  const row = target.closest?.(ROW);
  if (!row || row.tabIndex === 0) return;
  for (const other of document.querySelectorAll(`${ROW}[tabindex="0"]`)) other.tabIndex = -1;
  row.tabIndex = 0;
});

stop();
