// A card moved by the pointer: pressed and pulled a little it follows, the column below it is marked,
// Escape or letting go elsewhere puts it back. A finger scrolls; it has the menu on the card.
const words = document.getElementById("board-words")?.dataset ?? {};
const NEAR = 6;
const EDGE = 60;
const board = () => document.getElementById("board");
let drag = null;

const send = (name, detail) => document.dispatchEvent(new CustomEvent(name, { detail }));
const say = (text) => send("desk:announce", { text, urgent: true });

document.addEventListener("pointerdown", (event) => {
  const card = event.target.closest?.("#board [data-card]");
  if (!card || event.button || event.pointerType === "touch" || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (event.target.closest("[data-move], button")) return;
  drag = { card, x: event.clientX, y: event.clientY, pointer: event.pointerId };
});

document.addEventListener("pointermove", (event) => {
  if (!drag || event.pointerId !== drag.pointer) return;
  if (!drag.ghost && Math.hypot(event.clientX - drag.x, event.clientY - drag.y) < NEAR) return;
  if (!drag.ghost && !begin()) return;
  event.preventDefault();
  follow(event);
});

function begin() {
  // Since the press a look may have put a newer card in its place, or taken it away.
  const card = document.getElementById(drag.card.id);
  const home = card?.closest("[data-column]");
  if (!home) {
    drag = null;
    return false;
  }
  drag.card = card;
  const isClosed = home.hasAttribute("data-closed");
  if (card.hasAttribute("data-fixed") || isClosed) {
    say(isClosed ? words.locked.replace("{state}", home.dataset.name) : words.fixed);
    drag = null;
    return false;
  }
  const box = card.getBoundingClientRect();
  const ghost = card.cloneNode(true);
  for (const one of [ghost, ...ghost.querySelectorAll("[id]")]) one.removeAttribute("id");
  ghost.removeAttribute("data-card");
  ghost.classList.add("lead-card--ghost");
  ghost.setAttribute("aria-hidden", "true");
  ghost.inert = true;
  ghost.style.setProperty("inline-size", `${box.width}px`);
  document.body.append(ghost);
  Object.assign(drag, { ghost, home, left: drag.x - box.left, top: drag.y - box.top });
  card.dataset.dragged = "";
  getSelection()?.removeAllRanges();
  for (const column of board().querySelectorAll("[data-column]")) column.toggleAttribute("data-barred", column !== home && !isOpen(column));
  return true;
}

const isOpen = (column) => Boolean(column.dataset.state) && !column.hasAttribute("data-closed");

function follow(event) {
  drag.ghost.style.setProperty("transform", `translate(${event.clientX - drag.left}px, ${event.clientY - drag.top}px)`);
  drag.at = { x: event.clientX, y: event.clientY };
  const over = document.elementFromPoint(event.clientX, event.clientY)?.closest("#board [data-column]") ?? null;
  drag.over = over && over !== drag.home && isOpen(over) ? over : null;
  for (const column of board().querySelectorAll("[data-column]")) column.toggleAttribute("data-over", column === drag.over);
  drag.scroll ??= requestAnimationFrame(scroll);
}

// At the edges the board comes along.
function scroll() {
  if (!drag?.ghost) return;
  const lists = board().querySelector(".board__columns");
  const box = lists.getBoundingClientRect();
  if (drag.at.x > box.right - EDGE) lists.scrollLeft += 14;
  if (drag.at.x < box.left + EDGE) lists.scrollLeft -= 14;
  drag.scroll = requestAnimationFrame(scroll);
}

function end() {
  const was = drag;
  drag = null;
  if (!was?.ghost) return null;
  cancelAnimationFrame(was.scroll);
  was.ghost.remove();
  delete was.card.dataset.dragged;
  for (const column of board().querySelectorAll("[data-over], [data-barred]")) {
    column.removeAttribute("data-over");
    column.removeAttribute("data-barred");
  }
  return was;
}

document.addEventListener("pointerup", (event) => {
  if (!drag || event.pointerId !== drag.pointer) return;
  const was = end();
  if (!was) return;
  // The press that ended here opens nothing.
  const stop = (click) => {
    click.preventDefault();
    click.stopPropagation();
  };
  document.addEventListener("click", stop, { capture: true, once: true });
  setTimeout(() => document.removeEventListener("click", stop, true));
  if (!was.over) return;
  send("desk:board-move", { card: was.card, state: was.over.dataset.state });
});

for (const name of ["pointercancel", "blur"]) window.addEventListener(name, end);
document.addEventListener("dragstart", (event) => event.target.closest?.("#board [data-card]") && event.preventDefault());
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !drag?.ghost) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  end();
}, true);
