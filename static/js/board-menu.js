// "Move to…" of a card: its sign, or M; then the number or letter of a state, or arrows and Enter.
// Without this script the sign leads to a page with the same choice.
const words = document.getElementById("board-words")?.dataset ?? {};
const dialog = document.getElementById("board-move");
const title = document.getElementById("board-move-title");
const buttons = () => [...dialog.querySelectorAll("[data-target]")];
let lead = "";

const send = (name, detail) => document.dispatchEvent(new CustomEvent(name, { detail }));
const isOn = () => document.documentElement.dataset.letters !== "off";
const cardOf = (pk) => document.getElementById(`card-${pk}`);

function open(card) {
  const home = card.closest("[data-column]");
  if (card.hasAttribute("data-fixed")) return send("desk:toast", { text: words.fixed, kind: "warning" });
  if (home.hasAttribute("data-closed")) {
    return send("desk:toast", { text: words.locked.replace("{state}", home.dataset.name), kind: "warning" });
  }
  lead = card.dataset.card;
  title.textContent = title.dataset.text.replace("{name}", card.dataset.name);
  for (const button of buttons()) {
    const isHere = button.dataset.target === card.dataset.state;
    button.toggleAttribute("aria-current", isHere);
    if (isHere) button.setAttribute("aria-current", "true");
    const [other, same] = ["[data-other]", "[data-same]"].map((one) => button.querySelector(one));
    if (same) same.hidden = !isHere;
    if (other) other.hidden = isHere;
  }
  dialog.showModal();
  buttons().find((one) => !one.disabled && !one.hasAttribute("aria-current"))?.focus();
}

function choose(button) {
  if (!button || button.disabled) return;
  dialog.close();
  // What is looked at again meanwhile may be another element.
  const card = cardOf(lead);
  if (!card) return send("desk:toast", { text: words.gone, kind: "warning" });
  card.querySelector(".lead-card__name").focus({ preventScroll: true });
  send("desk:board-move", { card, state: button.dataset.target });
}

document.addEventListener("click", (event) => {
  const sign = event.target.closest?.("#board [data-move]");
  if (sign && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    return open(sign.closest("[data-card]"));
  }
  if (event.target.closest?.('[data-board-act="move"]')) {
    const card = document.activeElement?.closest?.("#board [data-card]");
    if (card) open(card);
  }
});

dialog?.addEventListener("click", (event) => choose(event.target.closest("[data-target]")));

dialog?.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const all = buttons().filter((one) => !one.disabled);
  const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (by) {
    event.preventDefault();
    all[(all.indexOf(document.activeElement) + by + all.length) % all.length]?.focus();
    return;
  }
  if (!isOn() || event.key.length !== 1 || event.key === " " || event.repeat) return;
  const key = event.key.toLowerCase();
  const found = buttons()[Number(key) - 1] ?? buttons().find((one) => one.dataset.letter === key);
  if (!found) return;
  event.preventDefault();
  choose(found);
});
