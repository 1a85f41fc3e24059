// The focus never falls back to the top of the page after a swap: it returns to the element with the
// same id, else goes to [data-focus-after] in what was swapped in, else to its [data-focus-home], which
// says how it stands, else to the part itself.
let before = null;

document.addEventListener("htmx:beforeSwap", () => {
  const active = document.activeElement;
  if (active && active !== document.body) before = remember(active);
});

document.addEventListener("htmx:afterSettle", ({ detail }) => {
  const part = detail.elt?.isConnected ? detail.elt : document.getElementById(detail.target?.id);
  const wanted = part?.matches?.("[data-focus-after]") ? part : part?.querySelector?.("[data-focus-after]");
  // It is asked for once: a later swap of the same part must not steal the focus again.
  if (wanted && !wanted.dataset.focused) {
    wanted.dataset.focused = "1";
    return put(wanted);
  }
  // What comes along out of band settles first: the way back is to what was asked for.
  if (before && isLost()) restore(document.getElementById(detail.target?.id) || part);
  before = null;
});

function remember(active) {
  const field = active.matches("input, textarea") && active.selectionStart !== null;
  return { id: active.id, atHome: active.matches("[data-focus-home]"), range: field ? [active.selectionStart, active.selectionEnd] : null };
}

function restore(part) {
  const again = before.id && document.getElementById(before.id);
  if (again) {
    put(again, before.atHome);
    if (before.range && again.setSelectionRange) again.setSelectionRange(...before.range);
    return;
  }
  const place = part?.isConnected ? part : document.getElementById("main");
  put(place.querySelector("[data-focus-home]") || place, before.atHome);
}

function isLost() {
  const active = document.activeElement;
  return !active || active === document.body || !active.isConnected;
}

// Whoever only has it there, and may read on further below, is not scrolled back up by a poll.
function put(element, still = false) {
  if (!element) return;
  if (!element.matches("a[href], button, input, select, textarea, [tabindex]")) element.tabIndex = -1;
  element.focus({ preventScroll: still || element.id === "main" });
}
