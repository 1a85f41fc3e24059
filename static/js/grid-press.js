// What is pressed is marked at once, and the panel says that it is loading; the server's answer
// replaces both. A closed cell asks for its reason the same way a free one asks for its form.
const GRID = ".slot-grid";

function select(cell) {
  for (const other of document.querySelectorAll(`${GRID} [aria-selected]`)) other.removeAttribute("aria-selected");
  cell?.setAttribute("aria-selected", "true");
}

function mark(cell) {
  select(cell);
  document.getElementById("panel")?.setAttribute("aria-busy", "true");
}

// As a button of the form it goes the very same way as a free cell, history included.
function ask(cell) {
  const form = cell.closest("form");
  if (!form || !cell.dataset.slot) return;
  mark(cell);
  const button = document.createElement("button");
  button.name = "slot";
  button.value = cell.dataset.slot;
  button.hidden = true;
  form.append(button);
  button.click();
  button.remove();
}

document.addEventListener("desk:ask-why", ({ detail }) => ask(detail.cell));

document.addEventListener("click", ({ target }) => {
  const cell = target.closest?.(`${GRID} td`);
  if (!cell) return;
  if (cell.querySelector("button")) mark(cell);
  else ask(cell);
});

// A new grid does not know what was chosen since the old one was made; the address does. On a phone
// the panel lies below the grid.
document.addEventListener("htmx:afterSettle", ({ detail }) => {
  const ref = detail.target?.id === "grid" && new URLSearchParams(location.search).get("slot");
  if (ref && !document.querySelector("#panel[aria-busy]") && /^[\w-]+$/.test(ref)) {
    select(document.querySelector(`${GRID} [value="${ref}"], ${GRID} [data-slot="${ref}"]`)?.closest("td"));
  }
  const panel = detail.target?.id === "panel" && document.getElementById("panel");
  if (panel && panel.getBoundingClientRect().top > window.innerHeight - 120) panel.scrollIntoView({ block: "start" });
});

document.addEventListener("htmx:afterRequest", ({ detail }) => {
  if (detail.target?.id === "panel") detail.target.removeAttribute("aria-busy");
});
