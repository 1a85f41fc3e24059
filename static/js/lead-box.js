// The lead field as a combobox: arrows choose, Enter books for the highlighted lead. Enter never acts
// on the answer to an older text: it waits for the answer to what stands in the field (data-for).
const input = () => document.getElementById("lead-q");
const list = () => document.getElementById("lead-list");
const form = () => document.getElementById("booking-form");
const options = () => [...(list()?.querySelectorAll('[role="option"]') || [])];
const highlighted = () => options().find((one) => one.getAttribute("aria-selected") === "true");
const typed = () => input()?.value.trim() || "";
const isFresh = () => Boolean(list()) && list().dataset.for === typed();
let enterWaits = false;

function upgrade() {
  const wanted = { role: "combobox", "aria-autocomplete": "list", "aria-controls": "lead-list", "aria-expanded": "false" };
  for (const name in wanted) input()?.setAttribute(name, wanted[name]);
}

function show() {
  const field = input();
  if (!field) return;
  const chosen = highlighted();
  field.setAttribute("aria-expanded", String(Boolean(list())));
  if (chosen) field.setAttribute("aria-activedescendant", chosen.id);
  else field.removeAttribute("aria-activedescendant");
}

function move(step) {
  const all = options();
  if (!all.length) return;
  const at = all.indexOf(highlighted());
  const next = all[(at + step + all.length) % all.length];
  for (const one of all) one.setAttribute("aria-selected", String(one === next));
  next.scrollIntoView({ block: "nearest" });
  show();
}

function clearHits() {
  document.getElementById("lead-hits").replaceChildren();
  show();
}

const hidden = (value) => Object.assign(document.createElement("input"), { type: "hidden", name: "lead", value });

function unchoose() {
  document.querySelector("#lead-chosen [data-who]")?.replaceChildren();
  document.getElementById("lead-chosen").hidden = true;
  document.querySelector("[data-new-mark]").replaceChildren();
}

function choose(option) {
  unchoose();
  if (option.hasAttribute("data-new")) {
    document.dispatchEvent(new CustomEvent("lead:new", { detail: { text: typed() } }));
    clearHits();
    return false;
  }
  const who = document.querySelector("#lead-chosen [data-who]");
  const texts = [...option.querySelector("[data-text]").cloneNode(true).childNodes];
  who.replaceChildren(hidden(option.dataset.lead), ...texts);
  document.getElementById("lead-chosen").hidden = false;
  document.getElementById("lead-new").open = false;
  clearHits();
  return true;
}

const isChosen = () => Boolean(form()?.querySelector('[name="lead"][type="hidden"], [name="lead"]:checked'));

function enter() {
  if (!typed() && !isChosen()) return input().focus();
  if (isChosen() && !list()) return form().requestSubmit(form().querySelector(".booking__submit"));
  if (!isFresh()) {
    enterWaits = true;
    return window.htmx.trigger(input(), "lead:now");
  }
  const option = highlighted();
  if (option && choose(option)) form().requestSubmit(form().querySelector(".booking__submit"));
}

document.addEventListener("keydown", (event) => {
  if (event.target.id !== "lead-q" || event.isComposing) return;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    move(event.key === "ArrowDown" ? 1 : -1);
  } else if (event.key === "Enter") {
    event.preventDefault();
    if (!event.repeat) enter();
  } else if (event.key === "Escape" && list()) clearHits();
});

document.addEventListener("input", ({ target }) => {
  if (target.id !== "lead-q") return;
  enterWaits = false;
  if (!document.getElementById("lead-chosen").hidden) unchoose();
  // Leads that came with the page answer an older text.
  if (!list()) clearHits();
});

document.addEventListener("htmx:afterSwap", ({ detail }) => {
  if (detail.target?.id !== "lead-hits") return;
  show();
  const wanted = enterWaits && isFresh();
  enterWaits = false;
  if (wanted) enter();
});

document.addEventListener("click", ({ target }) => {
  const option = target.closest?.('#lead-list [role="option"]');
  if (option && choose(option)) form().querySelector(".booking__submit").focus();
});

// "Book" without a lead chosen means the highlighted one, like Enter.
document.addEventListener("submit", (event) => {
  if (event.target.id !== "booking-form" || isChosen() || !typed()) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  enter();
}, true);

document.addEventListener("lead:unchoose", () => [unchoose, clearHits].forEach((act) => act()));
document.addEventListener("htmx:load", ({ detail }) => detail.elt?.querySelector?.("#lead-q") && upgrade());
upgrade();
