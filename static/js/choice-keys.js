// 1, 2 and 3 press the alternatives of the one question that is on the page; with several questions
// (on "Needs you") they belong to the one that has the focus. Never while somebody types.
const isOn = () => document.documentElement.dataset.letters !== "off";

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.repeat || event.ctrlKey || event.metaKey || event.altKey) return;
  if (!isOn() || !/^[1-9]$/.test(event.key) || isTyping(event.target)) return;
  // A dialog that is open is all that is there.
  const asked = [...(document.querySelector("dialog[open]") || document).querySelectorAll("[data-choices]")];
  const focused = event.target.closest?.(".trouble, .booking-status")?.querySelector("[data-choices]");
  const question = focused || (asked.length === 1 ? asked[0] : null);
  const button = question?.querySelector(`[data-key="${event.key}"]`);
  if (!button || button.disabled) return;
  event.preventDefault();
  button.click();
});

function isTyping(target) {
  return Boolean(target?.closest?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]"));
}
