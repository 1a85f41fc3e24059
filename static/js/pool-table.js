// The table of leads keeps itself true, and sends another state as soon as it is chosen.
const SLOW = 3000;
let timer = 0;
let target = "";

const part = () => document.getElementById("leads-table");
const isBusy = () => Boolean(part()?.contains(document.activeElement) && document.activeElement.matches("select"));

function plan() {
  clearTimeout(timer);
  timer = setTimeout(look, SLOW);
}

function look() {
  const found = part();
  // A list that is open must not be pulled away.
  if (found && !document.hidden && !isBusy()) window.htmx.trigger(found, "desk:look");
  plan();
}

document.addEventListener("change", ({ target: field }) => {
  const form = field.closest?.("[data-table-state]");
  if (form && field.matches("select")) form.requestSubmit();
});

// Whether it was taken down or refused: the row says how the lead stands now.
document.addEventListener("htmx:afterRequest", ({ detail }) => {
  if (detail.elt?.matches?.("[data-table-state]") && detail.successful && part()) {
    window.htmx.trigger(part(), "desk:look");
  }
});

// Where the chosen leads are to go is kept over a swap.
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (detail.target?.id === "leads-table") target = document.getElementById("bulk-to")?.value ?? "";
});
document.addEventListener("htmx:afterSettle", () => {
  const field = document.getElementById("bulk-to");
  if (field && target && !field.value) field.value = target;
  target = "";
});
document.addEventListener("visibilitychange", () => document.hidden || look());
plan();
