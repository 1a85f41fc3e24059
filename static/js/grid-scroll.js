// On a narrow screen the grid scrolls inside itself: a new grid stays where the old one was, and a
// fresh page begins at today.
let kept = null;
const scroller = () => document.querySelector(".slot-scroll");

// Other parts may come with the same answer, and before it.
const isGrid = ({ detail }) => ["grid", "availability"].includes(detail.target?.id);

function keep(event) {
  const box = isGrid(event) && scroller();
  kept = box ? [box.scrollLeft, box.scrollTop] : kept;
}

function restore(event) {
  if (!isGrid(event)) return;
  const box = scroller();
  if (box && kept) [box.scrollLeft, box.scrollTop] = kept;
  kept = null;
}

for (const name of ["htmx:beforeSwap", "htmx:oobBeforeSwap"]) document.addEventListener(name, keep);
for (const name of ["htmx:afterSwap", "htmx:oobAfterSwap"]) document.addEventListener(name, restore);

const today = document.querySelector('.slot-grid th[aria-current="date"]');
if (today) scroller().scrollLeft = today.offsetLeft - today.parentElement.firstElementChild.offsetWidth;
