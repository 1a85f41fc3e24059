// Reads out once what can be undone and for how long, however many pages show it; never the seconds.
const ANNOUNCED = "desk-undo-announced";
const MOST = 20;

function announce() {
  const known = read();
  for (const row of document.querySelectorAll(".undo__row[data-say]")) {
    // What it is about may change while it is held: then it is news.
    const key = `${row.dataset.write} ${row.querySelector(".undo__text bdi").textContent}`;
    if (known.includes(key)) continue;
    known.push(key);
    keep(known.slice(-MOST));
    const detail = { text: row.dataset.say, urgent: false };
    document.dispatchEvent(new CustomEvent("desk:announce", { detail }));
  }
}

function read() {
  try {
    return JSON.parse(sessionStorage.getItem(ANNOUNCED)) || [];
  } catch {
    return [];
  }
}

function keep(keys) {
  try {
    sessionStorage.setItem(ANNOUNCED, JSON.stringify(keys));
  } catch {
    // A browser that keeps nothing says it once more on the next page.
  }
}

for (const name of ["htmx:afterSettle", "htmx:oobAfterSwap"]) document.addEventListener(name, announce);
announce();
