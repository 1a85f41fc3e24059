// A word in passing, asked for by `desk:toast` ({text, kind}): good news leaves by itself, bad news
// stays until it is closed. What is said here is also read out (live.js).
const STAYS = new Set(["bad", "warning"]);
const SECONDS_SHOWN = 6;

document.addEventListener("desk:toast", ({ detail }) => show(detail.text, detail.kind || "info"));

function show(text, kind) {
  const region = document.getElementById("toasts");
  if (!region || !text) return;
  const same = [...region.children].find((toast) => toast.dataset.text === text);
  same?.remove();
  region.append(build(text, kind));
  document.dispatchEvent(new CustomEvent("desk:announce", { detail: { text, urgent: kind === "bad" } }));
}

function build(text, kind) {
  const toast = document.createElement("div");
  toast.className = "toast";
  toast.dataset.tone = kind;
  toast.dataset.text = text;
  const words = document.createElement("p");
  words.className = "toast__text";
  words.textContent = text;
  const close = document.createElement("button");
  close.className = "toast__close";
  close.type = "button";
  close.textContent = "×";
  close.setAttribute("aria-label", document.body.dataset.close);
  close.addEventListener("click", () => toast.remove());
  toast.append(words, close);
  if (!STAYS.has(kind)) leaveLater(toast);
  return toast;
}

// Not while somebody reads it: the pointer or the focus on it starts the time again.
function leaveLater(toast) {
  let timer = 0;
  const start = () => {
    clearTimeout(timer);
    timer = setTimeout(() => toast.remove(), SECONDS_SHOWN * 1000);
  };
  for (const name of ["pointerenter", "focusin"]) toast.addEventListener(name, () => clearTimeout(timer));
  for (const name of ["pointerleave", "focusout"]) toast.addEventListener(name, start);
  start();
}
