// Looks at the connection again every half minute, while somebody sees it and is not in the middle
// of reading its table.
const EVERY = 30_000;

setInterval(() => {
  const part = document.getElementById("connection-health");
  if (!part || document.hidden || part.querySelector("details[open]")) return;
  if (part.contains(document.activeElement) || part.classList.contains("htmx-request")) return;
  window.htmx.trigger(part, "desk:look");
}, EVERY);
