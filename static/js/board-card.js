// What stands on a card in person until the server says it: `desk:board-note` {card, text} while it is
// on its way, `desk:board-complaint` {card, text} why it went back. An empty text takes it away.
const words = document.getElementById("board-words")?.dataset ?? {};

function note(card, text) {
  const facts = card.querySelector(".lead-card__facts");
  facts.querySelector(".lead-card__said")?.remove();
  if (!text) return;
  const line = document.createElement("p");
  line.className = "lead-card__said";
  line.textContent = text;
  facts.prepend(line);
}

function complain(card, text) {
  card.querySelector(".lead-card__refused")?.remove();
  if (!text) return;
  const line = document.createElement("p");
  line.className = "lead-card__refused";
  const why = document.createElement("span");
  why.textContent = text;
  const close = document.createElement("button");
  close.type = "button";
  close.tabIndex = -1;
  close.textContent = "×";
  close.setAttribute("aria-label", words.dismiss);
  close.addEventListener("click", () => line.remove());
  line.append(why, close);
  card.append(line);
}

document.addEventListener("desk:board-note", ({ detail }) => note(detail.card, detail.text));
document.addEventListener("desk:board-complaint", ({ detail }) => complain(detail.card, detail.text));
