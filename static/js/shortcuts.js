// Single letters outside of fields: an element with data-shortcut="x" is pressed by x, ? opens the
// help, which lists what this page has (also [data-keys="←→"][aria-label]). Whoever talks to their
// computer switches them off under "Personal": <html data-letters="off">, which all scripts with
// single letters or digits look at. The help then says so.
const isOn = () => document.documentElement.dataset.letters !== "off";

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (!isOn() || isTyping(event.target) || document.querySelector("dialog[open]")) return;
  if (event.key === "?") return act(event, openHelp);
  if (event.key.length !== 1 || event.shiftKey) return;
  const element = document.querySelector(`[data-shortcut="${CSS.escape(event.key.toLowerCase())}"]`);
  if (element && !element.disabled) act(event, () => press(element));
});

document.addEventListener("click", ({ target }) => {
  if (target.closest?.('[data-opens="shortcuts"]')) openHelp();
});

function act(event, what) {
  event.preventDefault();
  what();
}

function press(element) {
  if (element.matches("input, select, textarea")) element.focus();
  else element.click();
}

function isTyping(target) {
  return Boolean(target?.closest?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]"));
}

function openHelp() {
  const dialog = document.getElementById("shortcuts");
  if (!dialog || dialog.open) return;
  const list = dialog.querySelector("[data-key-list]");
  for (const row of list.querySelectorAll("[data-found]")) row.remove();
  for (const element of [...document.querySelectorAll("[data-shortcut], [data-keys]")].reverse()) {
    list.prepend(row(nameOf(element), element.dataset.shortcut?.toUpperCase() ?? element.dataset.keys));
  }
  dialog.showModal();
}

function nameOf(element) {
  const copy = (element.labels?.[0] ?? element).cloneNode(true);
  for (const extra of copy.querySelectorAll("kbd, .count, textarea, select")) extra.remove();
  return (element.getAttribute("aria-label") || copy.textContent).trim();
}

function row(name, key) {
  const [line, term, value, kbd] = ["div", "dt", "dd", "kbd"].map((tag) => document.createElement(tag));
  line.dataset.found = "";
  term.textContent = name;
  kbd.textContent = key;
  value.append(kbd);
  line.append(term, value);
  return line;
}
