// What only a script can do becomes visible, and prints the page.
for (const button of document.querySelectorAll("[data-print][hidden]")) button.hidden = false;

document.addEventListener("click", ({ target }) => {
  if (target.closest?.("[data-print]")) window.print();
});
