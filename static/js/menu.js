// Menus are <details>: without a script they open and close by their button. With it, Escape and a
// press elsewhere close them too, and what only a script can do becomes visible.
const openMenus = () => document.querySelectorAll("details.menu[open]");

document.addEventListener("click", ({ target }) => {
  for (const menu of openMenus()) if (!menu.contains(target)) menu.open = false;
  target.closest?.("[data-opens]")?.closest("details.menu")?.removeAttribute("open");
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of openMenus()) {
    menu.open = false;
    if (menu.contains(document.activeElement)) menu.querySelector("summary").focus();
  }
});

function reveal() {
  for (const button of document.querySelectorAll("[data-opens][hidden]")) button.hidden = false;
}

document.addEventListener("htmx:load", reveal);
reveal();
