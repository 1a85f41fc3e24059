// The outcome of a call: Enter on the list of states moves, and an appointment that was asked for in
// the dialog of quick.js is the outcome of the call.
let asked = false;

document.addEventListener("keydown", (event) => {
  const value = event.key === "Enter" && event.target.dataset?.enter;
  const button = value && event.target.form?.querySelector(`button[value="${CSS.escape(value)}"]`);
  if (!button || event.repeat) return;
  event.preventDefault();
  button.click();
});

// Out of a field, so that the letters are keys again.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !event.target.closest?.("#outcome")) return;
  if (event.target.matches("input, textarea, select")) document.getElementById("queue-who").focus();
});

// Before quick.js clears the dialog: it shows the status only of what was taken down.
document.addEventListener("close", ({ target }) => {
  if (target.id === "quick") asked = Boolean(target.querySelector("#booking-status"));
}, true);

document.addEventListener("lead:done", () => {
  if (asked) document.getElementById("outcome-booked")?.click();
  asked = false;
});

// A page from the history may show a lead that was handled since: it looks again.
window.addEventListener("pageshow", (event) => event.persisted && location.reload());
