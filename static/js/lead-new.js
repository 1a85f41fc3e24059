// "New lead" in place: opened by its button or by the last option of the list (event lead:new). What
// was typed goes to the field it looks like, and the first empty field gets the focus.
const details = () => document.getElementById("lead-new");
const mark = () => details()?.querySelector("[data-new-mark]");

function fieldFor(text) {
  if (text.includes("@")) return "email";
  return /\d/.test(text) && !/\p{L}/u.test(text) ? "phone" : "name";
}

function open(text) {
  const fields = ["name", "phone", "email"].map((name) => document.getElementById(`lead-${name}`));
  const fitting = document.getElementById(`lead-${fieldFor(text)}`);
  if (text && !fitting.value) fitting.value = text;
  details().open = true;
  mark().replaceChildren(Object.assign(document.createElement("input"), { type: "hidden", name: "lead", value: "new" }));
  (fields.find((field) => !field.value) || fields[0]).focus();
}

// Closed again, nobody is like a lead that is not made: their buttons must not be what Enter presses.
document.addEventListener("toggle", ({ target }) => {
  if (target.id === "lead-new" && !target.open) document.getElementById("lead-same")?.replaceChildren();
}, true);

document.addEventListener("lead:new", ({ detail }) => open(detail.text));

document.addEventListener("click", (event) => {
  if (event.target.closest?.("[data-lead-change]")) {
    document.dispatchEvent(new CustomEvent("lead:unchoose"));
    const field = document.getElementById("lead-q");
    field.value = "";
    field.focus();
  }
  if (!event.target.closest?.("#lead-new > summary")) return;
  if (details().open) return mark().replaceChildren();
  event.preventDefault();
  document.dispatchEvent(new CustomEvent("lead:unchoose"));
  open(document.getElementById("lead-q").value.trim());
});
