// What is pressed while a press is still being answered means what the answer shows. Until then the
// page shows what the person has already left: a letter there would be a key of the old part, Enter
// would open the old cell. So these keys wait, and follow in order where the focus then is. Typing in
// a field never waits. Escape, the pointer, an answer that fails or one that takes too long lets them
// go: nobody is to find them acting long after.
const PATIENCE = 10_000;
const FIELD = "input:not([type=checkbox], [type=radio], [type=button], [type=submit]), textarea, select, [contenteditable]";
// Away from the page, in a bar of its own: what is asked for there changes no key elsewhere.
const WHERE = "main, dialog";
let way = null;
let waiting = [];
let last = "";

const isOld = ({ at }) => performance.now() - at > PATIENCE;
const isField = (element) => Boolean(element?.closest?.(FIELD));
const isPress = ({ triggeringEvent: event }) => ["click", "submit"].includes(event?.type);

// Whether the keys are about to mean something else: the focus is in what asks or in what is exchanged.
function concerns({ elt, target }) {
  const active = document.activeElement;
  const isNowhere = !active || active === document.body || active.id === "main";
  return Boolean(target.closest(WHERE)) && (isNowhere || elt.contains(active) || target.contains(active));
}

document.addEventListener("htmx:beforeSend", ({ detail }) => {
  if (!isPress(detail.requestConfig) || !concerns(detail)) return;
  const { xhr } = detail;
  way = { xhr, key: last, at: performance.now(), writes: detail.requestConfig.verb !== "get" };
  // After htmx: what came is swapped in and settled, and the focus led to where it belongs.
  xhr.addEventListener("loadend", () => way?.xhr === xhr && arrive(xhr.status));
});

function arrive(status) {
  way = null;
  if (status < 200 || status >= 400) waiting = [];
  replay();
}

function forget() {
  way = null;
  waiting = [];
}

function replay() {
  while (waiting.length && !way) {
    const press = waiting.shift();
    if (isOld(press)) waiting = [];
    else send(press);
  }
}

function send({ key, code, shiftKey }) {
  const target = document.activeElement ?? document.body;
  last = key;
  const event = new KeyboardEvent("keydown", { key, code, shiftKey, bubbles: true, cancelable: true, composed: true });
  // Whoever acts on a key says so; what is left is what the browser does with one that a hand pressed.
  if (!target.dispatchEvent(event)) return;
  if (isField(target)) type(target, key);
  else if (presses(target, key)) target.click();
}

function type(field, key) {
  if (field.matches("select") || field.readOnly) return;
  if (key === "Enter" && field.matches("input")) return submit(field.form);
  const text = key === "Enter" ? "\n" : key;
  if (text.length !== 1) return;
  if (field.selectionStart === null) field.value += text;
  else field.setRangeText(text, field.selectionStart, field.selectionEnd, "end");
  field.dispatchEvent(new InputEvent("input", { bubbles: true, inputType: "insertText", data: text }));
}

// Nor a form that writes: whoever sees it sends it.
function submit(form) {
  if (form?.method === "post") return;
  const button = form?.querySelector("button:not([type]), button[type=submit]");
  if (!button?.disabled) form?.requestSubmit(button);
}

// Nobody confirms what they have not seen: a button that writes is pressed by a hand.
function presses(target, key) {
  if (target.matches("button") && target.type === "submit" && target.form?.method === "post") return false;
  return (key === "Enter" && target.matches("a[href], button, summary")) || (key === " " && target.matches("button, summary, input"));
}

function keep(event) {
  const { key, code, shiftKey, repeat } = event;
  // What is held down is pressed once; what decides and is pressed twice in a hurry decides once.
  const isSame = !waiting.length && key === way.key && (way.writes || key === "Enter" || key === " ");
  if (repeat || isSame) return;
  if (key === "Backspace") waiting.pop();
  else waiting.push({ key, code, shiftKey, at: performance.now() });
}

function meet(event) {
  if (!event.isTrusted) return;
  if (way && isOld(way)) forget();
  const { key, ctrlKey, metaKey, altKey, isComposing } = event;
  if (!way) {
    last = key;
    return;
  }
  if (ctrlKey || metaKey || altKey || isComposing || isField(event.target)) return;
  if (/^(Shift|Control|Alt|AltGraph|Meta|CapsLock|Dead|Process|F\d+)$/.test(key)) return;
  if (key === "Escape") waiting = [];
  // Leaving what is exchanged is no matter of what comes; after other keys it would come before them.
  if (key === "Escape" || (key === "Tab" && !waiting.length)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  keep(event);
}

window.addEventListener("keydown", meet, true);
window.addEventListener("pointerdown", () => {
  last = "";
  waiting = [];
}, true);
// Back again by the browser's own button: what was asked for then is not answered any more.
window.addEventListener("pageshow", ({ persisted }) => persisted && forget());
