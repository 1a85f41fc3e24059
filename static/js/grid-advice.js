// What colleagues are about to book, as #advice beside the grid says: a small mark in the cell and
// words in its name. Never a block. A note for anyone marks every free cell of its time, since each
// may be the one. The poll says which advice is seen, so that the server sends only what is new.
const GRID = ".slot-grid";
const box = () => document.getElementById("advice");

function clear() {
  for (const mark of document.querySelectorAll(`${GRID} .cell-advice`)) mark.remove();
  for (const stop of document.querySelectorAll(`${GRID} [data-named]`)) {
    stop.setAttribute("aria-label", stop.dataset.named);
    stop.removeAttribute("data-named");
  }
}

function meet(one, other) {
  const [[time, who], [otherTime, otherWho]] = [one.split("-"), other.split("-")];
  return time === otherTime && (who === otherWho || who === "0" || otherWho === "0");
}

function show(stop, notes) {
  stop.dataset.named = stop.getAttribute("aria-label") || "";
  stop.setAttribute("aria-label", [stop.dataset.named, ...notes.map((note) => note.dataset.told)].join(", "));
  const mark = document.createElement("span");
  mark.className = "cell-advice";
  mark.setAttribute("aria-hidden", "true");
  mark.textContent = notes[0].dataset.short;
  mark.title = notes.map((note) => note.dataset.told).join(", ");
  stop.append(mark);
}

function apply() {
  clear();
  const notes = [...(box()?.querySelectorAll("[data-slot]") || [])];
  if (!notes.length) return;
  for (const stop of document.querySelectorAll(`${GRID} button[name="slot"]`)) {
    const own = notes.filter((note) => meet(note.dataset.slot, stop.value));
    if (own.length) show(stop, own);
  }
}

document.addEventListener("htmx:configRequest", ({ detail }) => {
  const seen = box()?.dataset.tag;
  if (seen && detail.target?.id === "grid") detail.parameters.seen = seen;
});

// Before the grid settles: what watches it (grid-live.js) then compares names that are complete.
for (const name of ["htmx:afterSwap", "htmx:oobAfterSwap"]) document.addEventListener(name, apply);
apply();
