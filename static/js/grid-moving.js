// While a booking looks for another time: the arrows start at its own place, and Esc keeps it there.
const place = document.querySelector("[data-moving] ~ * .slot-grid [data-here]");

if (place && !document.querySelector("#panel [autofocus]")) {
  const stop = place.querySelector("button") || place;
  if (!stop.hasAttribute("tabindex")) stop.tabIndex = -1;
  stop.focus();
}

document.addEventListener("keydown", (event) => {
  // A key held down a moment too long on the cell must not press the button it leads to.
  if (event.key === "Enter" && event.repeat && event.target.closest?.("#move-form")) {
    event.preventDefault();
    return;
  }
  if (event.key !== "Escape" || event.defaultPrevented || event.isComposing) return;
  if (document.querySelector("dialog[open]") || event.target.matches?.("select, input:not([type=radio], [type=checkbox])")) return;
  document.querySelector("[data-moving-keep]")?.click();
});
