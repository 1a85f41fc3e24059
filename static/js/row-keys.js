// Rows by keys: j and k (the hidden buttons with data-row-step, so that the help lists them and the
// switch for single letters holds) or the arrows go from row to row, Enter opens the row as its link
// does, and the letters of a row's own actions (data-row-key) are those of the row with the focus.
const rows = () => [...document.querySelectorAll("[data-row]")];
const linkOf = (row) => row?.querySelector("[data-row-link]");

function step(by) {
  const all = rows();
  const at = all.indexOf(document.activeElement?.closest?.("[data-row]"));
  const from = at < 0 && by < 0 ? all.length : at;
  linkOf(all[Math.min(Math.max(from + by, 0), all.length - 1)])?.focus();
}

document.addEventListener("click", ({ target }) => {
  const button = target.closest?.("[data-row-step]");
  if (button) step(Number(button.dataset.rowStep));
});

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  if (!event.target.closest?.("[data-row]")) return;
  event.preventDefault();
  step(event.key === "ArrowDown" ? 1 : -1);
});

// A letter means the row with the focus, and goes before the same letter of the navigation.
function lend(row) {
  for (const action of document.querySelectorAll("[data-row-key][data-shortcut]")) action.removeAttribute("data-shortcut");
  for (const action of row?.querySelectorAll("[data-row-key]") ?? []) action.dataset.shortcut = action.dataset.rowKey;
  ownLetters();
}

function ownLetters() {
  for (const own of document.querySelectorAll(".main [data-shortcut]")) {
    for (const other of document.querySelectorAll(`.header [data-shortcut="${own.dataset.shortcut}"]`)) {
      other.removeAttribute("data-shortcut");
    }
  }
}

document.addEventListener("focusin", ({ target }) => lend(target.closest?.("[data-row]")));
ownLetters();
