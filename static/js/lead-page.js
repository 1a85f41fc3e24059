// The page of a lead by keys: Escape leaves the form of its fields (asked once when something was
// typed), Ctrl+Enter sends the text it is pressed in.
document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing) return;
  if (event.key === "Escape") leave(event);
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) send(event);
});

function leave(event) {
  const form = document.querySelector("[data-lead-form]");
  if (!form || document.querySelector("dialog[open]") || !(form.contains(event.target) || event.target === document.body)) return;
  const way = form.querySelector("[data-leaves]");
  event.preventDefault();
  // What was typed is not thrown away by one key: the first press only goes to the way out.
  if (isTouched(form) && document.activeElement !== way) way.focus();
  else way.click();
}

function isTouched(form) {
  return [...form.elements].some((one) => {
    if (one.type === "checkbox" || one.type === "radio") return one.checked !== one.defaultChecked;
    if (one.tagName === "SELECT") return [...one.options].some((option) => option.selected !== option.defaultSelected);
    return one.type !== "hidden" && "defaultValue" in one && one.value !== one.defaultValue;
  });
}

function send(event) {
  const field = event.target.closest?.("[data-sends], [data-lead-form] textarea");
  if (!field) return;
  event.preventDefault();
  field.form.requestSubmit();
}
