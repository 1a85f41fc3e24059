// Book a lead, or make a new one, without leaving the page: B on an element with data-lead-slots, a
// press of a link with data-lead-slots or data-lead-new. The dialog opens at once, and its part comes
// from the address, which is also a page of its own. When it closes, `lead:done` says that something
// was asked for in it.
const dialog = () => document.getElementById("quick");
const part = () => document.getElementById("quick-part");
let address = "";
let asked = false;
let from = null;

const isOn = () => document.documentElement.dataset.letters !== "off";

function isTyping(target) {
  return Boolean(target?.closest?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]"));
}

function show(name) {
  part().replaceChildren(document.getElementById(name).content.cloneNode(true));
}

function load() {
  show("quick-loading");
  part().focus();
  window.htmx.ajax("GET", address, { target: "#quick-part", swap: "innerHTML" });
}

function open(wanted) {
  address = wanted;
  asked = false;
  from = dialog().open ? from : document.activeElement;
  if (!dialog().open) dialog().showModal();
  load();
}

// The lead with the focus; without one, the only lead of the page.
function meant(target, within) {
  const own = target.closest?.("[data-lead-slots]");
  const all = within.querySelectorAll("[data-lead-slots]");
  const addresses = new Set([...all].map((one) => one.dataset.leadSlots));
  return own || (addresses.size === 1 ? all[0] : null);
}

// Before the letters of the header (shortcuts.js), where B goes to the bookings.
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || event.isComposing) return;
  if (event.key.toLowerCase() !== "b" || isTyping(event.target) || !isOn()) return;
  const above = document.querySelector("dialog[open]");
  if (above && above !== dialog()) return;
  const within = above || document;
  if (!within.querySelector("[data-lead-slots]")) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (event.repeat) return;
  const lead = meant(event.target, within);
  if (lead) open(lead.dataset.leadSlots);
  else document.dispatchEvent(new CustomEvent("desk:toast", { detail: { text: dialog().dataset.which } }));
}, true);

// What was left may have been drawn anew meanwhile, as a card is once its booking is asked for.
function back() {
  const active = document.activeElement;
  if (active && active !== document.body) return;
  const lead = document.querySelector(`[data-lead-slots="${CSS.escape(address)}"]`);
  const place = from?.id && document.getElementById(from.id);
  (place || lead?.querySelector("a, button") || lead)?.focus();
}

// A key that is still held down books nothing.
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.repeat && dialog()?.contains(event.target)) event.preventDefault();
}, true);

document.addEventListener("click", (event) => {
  if (event.target.closest?.("[data-quick-again]")) return load();
  const link = event.target.closest?.("a[data-lead-slots], button[data-lead-slots], a[data-lead-new]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  open(link.dataset.leadSlots || link.href);
});

document.addEventListener("htmx:beforeRequest", ({ detail }) => {
  if (dialog()?.contains(detail.elt) && detail.requestConfig?.verb === "post") asked = true;
});

for (const name of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(name, ({ detail }) => {
    // Only what was asked for here and has brought nothing yet; a form keeps what was typed.
    if (detail.target?.id === "quick-part" && part().querySelector(".skeleton")) show("quick-failed");
  });
}

dialog()?.addEventListener("close", () => {
  part().replaceChildren();
  back();
  if (asked) document.dispatchEvent(new CustomEvent("lead:done"));
});
