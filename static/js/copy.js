// Buttons that copy the text of an element. Where copying is not allowed the text is selected.
const text = (source) => source.value ?? source.textContent;

function select(source) {
  if (source.select) return source.select();
  getSelection()?.selectAllChildren(source);
}

async function copy(button) {
  const source = document.getElementById(button.dataset.copies);
  if (!source) return;
  try {
    await navigator.clipboard.writeText(text(source));
    const before = button.textContent;
    button.textContent = button.dataset.copied;
    setTimeout(() => (button.textContent = before), 2000);
  } catch {
    select(source);
  }
}

for (const button of document.querySelectorAll("[data-copies][hidden]")) button.hidden = false;

document.addEventListener("click", ({ target }) => {
  const button = target.closest?.("[data-copies]");
  if (button) copy(button);
});
