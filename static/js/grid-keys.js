// The grid is one Tab stop; arrows, Home/End, Ctrl+Home/End move in it, PageUp/PageDown change the
// days, Enter opens a cell (a closed one says why it is closed). After a swap of the grid the focus is
// on the same time again. Without this script every free cell is a plain button.
const GRID = ".slot-grid";
const stopOf = (cell) => cell?.querySelector("button") || cell;
let kept = null;

function cellsOf(grid) {
  return [...grid.tBodies].flatMap((body) => [...body.rows]).map((row) => [...row.querySelectorAll("td")]);
}

function setUp() {
  for (const grid of document.querySelectorAll(`${GRID}:not([data-ready])`)) {
    grid.dataset.ready = "";
    for (const cell of grid.querySelectorAll("td")) stopOf(cell).tabIndex = -1;
    const first = grid.querySelector('[aria-selected="true"], [data-state="free"], [data-state="last"], td');
    if (first) stopOf(first).tabIndex = 0;
  }
  // A letter of this page goes before the same letter of the navigation.
  for (const own of document.querySelectorAll("#availability [data-shortcut]")) {
    for (const other of document.querySelectorAll(`.header [data-shortcut="${own.dataset.shortcut}"]`)) {
      other.removeAttribute("data-shortcut");
    }
  }
}

function enter(cell) {
  for (const stop of cell.closest(GRID).querySelectorAll('[tabindex="0"]')) stop.tabIndex = -1;
  stopOf(cell).tabIndex = 0;
  stopOf(cell).focus();
}

function placeOf(cell) {
  const row = cell.parentElement;
  const button = cell.querySelector("button");
  const time = row.querySelector("th")?.textContent;
  return { ref: button?.value || cell.dataset.slot, time, row: row.sectionRowIndex, column: cell.cellIndex - 1 };
}

const clamp = (at, length) => Math.min(Math.max(at, 0), length - 1);

function goal(event, rows, { row, column }) {
  const whole = event.ctrlKey || event.metaKey;
  switch (event.key) {
    case "ArrowUp": return [row - 1, column];
    case "ArrowDown": return [row + 1, column];
    case "ArrowLeft": return [row, column - 1];
    case "ArrowRight": return [row, column + 1];
    case "Home": return [whole ? 0 : row, 0];
    case "End": return [whole ? rows.length - 1 : row, Infinity];
    default: return null;
  }
}

document.addEventListener("keydown", (event) => {
  const cell = event.target.closest?.(`${GRID} td`);
  if (!cell || event.altKey || event.shiftKey) return;
  if (event.key === "PageUp" || event.key === "PageDown") {
    event.preventDefault();
    document.querySelector(`[data-step="${event.key === "PageUp" ? "previous" : "next"}"]`)?.click();
    return;
  }
  if ((event.key === "Enter" || event.key === " ") && !cell.querySelector("button")) {
    event.preventDefault();
    if (!event.repeat) document.dispatchEvent(new CustomEvent("desk:ask-why", { detail: { cell } }));
    return;
  }
  const rows = cellsOf(cell.closest(GRID));
  const to = goal(event, rows, placeOf(cell));
  if (!to) return;
  event.preventDefault();
  const row = rows[clamp(to[0], rows.length)];
  enter(row[clamp(to[1], row.length)]);
});

const chosen = () => document.querySelector(`${GRID} [aria-selected="true"]`);

// References begin with the instant, so the smallest is the earliest.
function earliest(grid) {
  const open = [...grid.querySelectorAll("button")].sort((one, other) => (one.value < other.value ? -1 : 1));
  return open[0]?.closest("td");
}

// The place in the grid outlives the swap: the same cell, else the same time and column. Whoever
// asked for a free time is led to it.
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const cell = document.activeElement?.closest?.(`${GRID} td`);
  const search = detail.requestConfig?.elt?.closest?.("[data-search]");
  if (cell || search) kept = { ...(cell && placeOf(cell)), search: Boolean(search) };
});

function goalOf(grid, wanted) {
  if (wanted.search) return chosen() || earliest(grid);
  const rows = cellsOf(grid);
  const same = wanted.ref && grid.querySelector(`[value="${wanted.ref}"], [data-slot="${wanted.ref}"]`);
  const row = rows.find((one) => one[0]?.parentElement.querySelector("th")?.textContent === wanted.time);
  const cells = row || rows[clamp(wanted.row, rows.length)];
  return same?.closest("td") || cells?.[clamp(wanted.column, cells.length)];
}

document.addEventListener("htmx:afterSettle", () => {
  setUp();
  const grid = document.querySelector(GRID);
  const active = document.activeElement;
  const wanted = kept;
  kept = null;
  // Whoever moved on meanwhile, or was led elsewhere (into the panel), stays there.
  if (!wanted || !grid || active?.matches("input, select, textarea") || active?.closest(`#panel, ${GRID} td`)) return;
  const cell = goalOf(grid, wanted);
  if (cell) enter(cell);
});

document.addEventListener("focusin", ({ target }) => {
  const cell = target.closest?.(`${GRID} td`);
  if (cell && stopOf(cell).tabIndex !== 0) enter(cell);
});

setUp();
