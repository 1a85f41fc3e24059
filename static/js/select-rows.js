// Choosing rows, by mouse and by keys. Inside [data-select-rows] every [data-select-row] has a checkbox
// [data-select]. With the focus in a row: Space chooses it, Shift and the arrows go on choosing, Ctrl or
// ⌘ and A choose all that are shown, Escape none. Shift and a click choose all in between. What is
// chosen survives a swap of the part; what is not shown any more is not chosen any more.
// [data-select-bar] has [data-select-count] (data-none, data-one, data-many with {n}) and buttons with
// [data-select-needed], which wait for something to be chosen.
const ROOT = "[data-select-rows]";
const ROW = "[data-select-row]";
const BOX = "input[data-select]:not(:disabled)";
let chosen = new Set();
let anchor = "";

const boxes = (root) => [...root.querySelectorAll(BOX)];
const boxOf = (row) => row?.querySelector(BOX);
const handleOf = (row) => row?.querySelector("[data-row-link]") || boxOf(row);

function put(box, on) {
  if (!box) return;
  box.checked = on;
  if (on) chosen.add(box.value);
  else chosen.delete(box.value);
  box.closest(ROW)?.toggleAttribute("data-selected", on);
}

function tell(root) {
  const all = boxes(root);
  const count = all.filter((box) => box.checked).length;
  const head = root.querySelector("[data-select-all]");
  if (head) {
    const checked = count > 0 && count === all.length;
    Object.assign(head, { hidden: false, checked, indeterminate: count > 0 && !checked });
  }
  const bar = root.querySelector("[data-select-bar]") || document.querySelector("[data-select-bar]");
  const line = bar?.querySelector("[data-select-count]");
  if (line) {
    const { none, one, many } = line.dataset;
    const text = [none, one][count] ?? many.replace("{n}", count);
    if (line.textContent !== text) line.textContent = text;
  }
  for (const button of bar?.querySelectorAll("[data-select-needed]") ?? []) button.disabled = !count;
  bar?.toggleAttribute("data-some", count > 0);
}

function between(root, from, to) {
  const all = boxes(root);
  const [start, end] = [from, to].map((box) => all.indexOf(box));
  if (start < 0 || end < 0) return [to];
  return all.slice(Math.min(start, end), Math.max(start, end) + 1);
}

function choose(root, box, { range = false, on = !box.checked } = {}) {
  const from = range && boxes(root).find((one) => one.value === anchor);
  for (const one of from ? between(root, from, box) : [box]) put(one, on);
  anchor = box.value;
  tell(root);
}

function every(root, on) {
  for (const box of boxes(root)) put(box, on);
  tell(root);
}

// One row up or down, chosen together with the one it starts from.
function extend(root, row, by) {
  const rows = [...root.querySelectorAll(ROW)];
  const next = rows[rows.indexOf(row) + by];
  put(boxOf(row), true);
  put(boxOf(next), true);
  handleOf(next)?.focus();
  anchor = boxOf(next)?.value ?? anchor;
  tell(root);
}

document.addEventListener("click", (event) => {
  const box = event.target.closest?.("input[data-select], [data-select-all]");
  const root = box?.closest(ROOT);
  if (!root) return;
  if (box.matches("[data-select-all]")) return every(root, box.checked);
  choose(root, box, { range: event.shiftKey, on: box.checked });
});

document.addEventListener("keydown", (event) => {
  const root = event.target.closest?.(ROOT);
  if (!root || event.defaultPrevented || event.altKey || !boxes(root).length) return;
  if (event.target.matches("select, textarea, input:not([data-select])")) return;
  const row = event.target.closest(ROW);
  if (act(event, root, row)) event.preventDefault();
});

function act(event, root, row) {
  const command = event.ctrlKey || event.metaKey;
  if (command && event.key.toLowerCase() === "a" && !event.shiftKey) return every(root, true) ?? true;
  if (command) return false;
  if (event.key === "Escape" && chosen.size) return every(root, false) ?? true;
  if (!row || event.target.matches("button, a:not([data-row-link])")) return false;
  if (event.key === " ") {
    // A checkbox does that by itself, and its click is heard above.
    if (event.target.matches("input")) return false;
    if (boxOf(row)) choose(root, boxOf(row), { range: event.shiftKey, on: event.shiftKey || !boxOf(row).checked });
    return true;
  }
  if (event.shiftKey && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
    return extend(root, row, event.key === "ArrowDown" ? 1 : -1) ?? true;
  }
  return false;
}

function begin() {
  for (const root of document.querySelectorAll(ROOT)) {
    const shown = boxes(root);
    chosen = new Set(shown.map((box) => box.value).filter((value) => chosen.has(value)));
    for (const box of shown) put(box, chosen.has(box.value) || box.checked);
    tell(root);
  }
}

document.addEventListener("htmx:afterSettle", begin);
// A page that comes back from the history has its boxes as they were.
window.addEventListener("pageshow", begin);
begin();
