// A rescue tells how it goes: it asks often while something is on its way, seldom otherwise, so that
// the answers of colleagues show too. A row that somebody is working in is left as it is.
const FAST = 700;
const SLOW = 4000;
const SOON = 150;
let timer = 0;

const part = () => document.querySelector("[data-rescue-look]");

function plan() {
  clearTimeout(timer);
  const found = part();
  if (found) timer = setTimeout(look, found.dataset.rescueLook === "fast" ? FAST : SLOW);
}

function look() {
  const found = part();
  if (found && !document.hidden && !found.classList.contains("htmx-request")) {
    window.htmx.trigger(found, "desk:look");
  }
  plan();
}

// Only what is not shown yet is asked for.
document.addEventListener("htmx:configRequest", ({ detail }) => {
  if (!detail.elt.matches?.("[data-rescue-look]")) return;
  const rows = [...document.querySelectorAll("[data-rescue-row]")];
  detail.parameters.marks = rows.map((row) => `${row.id.slice(4)}.${row.dataset.mark}`).join(",");
});

// The same row again would only lose the focus; one with open choices or a note being typed is busy.
document.addEventListener("htmx:oobBeforeSwap", (event) => {
  const { target, fragment } = event.detail;
  if (!target?.matches?.("[data-rescue-row]")) return;
  const fresh = fragment?.querySelector?.(`#${target.id}`) || fragment?.firstElementChild;
  const isSame = fresh?.dataset?.mark === target.dataset.mark;
  const isBusy = target.querySelector("[data-rescue-choices], input[name=note]:focus");
  const isTicked = target.querySelector("input[name=row]:checked");
  if (isSame || isBusy) event.detail.shouldSwap = false;
  else if (isTicked) fresh?.querySelector("input[name=row]")?.setAttribute("checked", "");
});

// What was just answered counts in the progress at once.
document.addEventListener("htmx:afterSwap", ({ detail }) => {
  plan();
  if (!detail.target?.matches?.("[data-rescue-row]")) return;
  clearTimeout(timer);
  timer = setTimeout(look, SOON);
});
document.addEventListener("visibilitychange", () => document.hidden || look());
plan();
