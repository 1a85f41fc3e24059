// Single letters outside of fields: an element with data-shortcut="x" is pressed by x, ? opens the
// help. Can be switched off there (kept in this browser), for those who talk to their computer.
const KEPT = "desk-single-keys";

const isOn = () => {
  try {
    return localStorage.getItem(KEPT) !== "off";
  } catch {
    return true;
  }
};

function keep(on) {
  try {
    localStorage.setItem(KEPT, on ? "on" : "off");
  } catch {
    // A browser that keeps nothing simply forgets it with the page.
  }
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (!isOn() || isTyping(event.target) || document.querySelector("dialog[open]")) return;
  if (event.key === "?") return act(event, () => document.getElementById("shortcuts")?.showModal());
  if (event.key.length !== 1 || event.shiftKey) return;
  const element = document.querySelector(`[data-shortcut="${CSS.escape(event.key.toLowerCase())}"]`);
  if (element && !element.disabled) act(event, () => press(element));
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

document.addEventListener("change", ({ target }) => {
  if (target.matches?.("[data-single-keys]")) keep(target.checked);
});

const box = document.querySelector("[data-single-keys]");
if (box) box.checked = isOn();
