// A press that leads to another page (data-leaves) takes the whole page along: what is pressed between
// it and the page it leads to would be lost without a word. So until then nothing on the page can be
// pressed; when the way there fails, everything is as before, the focus too.
let held = null;
let focused = null;

function hold() {
  const part = document.querySelector("dialog[open]") || document.getElementById("main");
  if (held || !part) return;
  focused = document.activeElement;
  held = part;
  held.inert = true;
}

function release() {
  if (!held) return;
  held.inert = false;
  held = null;
  if (focused?.isConnected) focused.focus();
}

const leads = (xhr) => xhr?.status < 400 && xhr.getResponseHeader("HX-Redirect");

document.addEventListener("htmx:beforeRequest", ({ detail }) => {
  if (detail.requestConfig?.triggeringEvent?.submitter?.matches("[data-leaves]")) hold();
});
document.addEventListener("htmx:beforeOnLoad", ({ detail }) => leads(detail.xhr) && hold());
document.addEventListener("htmx:afterRequest", ({ detail }) => leads(detail.xhr) || release());
// Back again by the browser's own button, to the page as it was kept.
window.addEventListener("pageshow", release);
// Shortcuts press buttons that a hand can not.
window.addEventListener(
  "keydown",
  (event) => {
    if (!held || event.key === "Tab" || event.ctrlKey || event.metaKey || event.altKey) return;
    event.stopImmediatePropagation();
    event.preventDefault();
  },
  true,
);
