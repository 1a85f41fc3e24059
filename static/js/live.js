// Reads out `desk:announce` ({text, urgent}), and swapped-in elements with data-announce
// ("polite" or "assertive"), through the two live regions of the page.
document.addEventListener("desk:announce", ({ detail }) => say(detail.text, detail.urgent));

document.addEventListener("htmx:afterSwap", ({ detail }) => {
  const root = detail.elt?.isConnected ? detail.elt : detail.target;
  const found = root?.matches?.("[data-announce]") ? [root] : [];
  for (const element of [...found, ...(root?.querySelectorAll?.("[data-announce]") || [])]) {
    say(element.textContent.trim().replace(/\s+/g, " "), element.dataset.announce === "assertive");
  }
});

function say(text, urgent) {
  const region = document.getElementById(urgent ? "live-assertive" : "live-polite");
  if (!region || !text) return;
  // The same words twice are only read again when the region was empty in between.
  region.textContent = "";
  requestAnimationFrame(() => {
    region.textContent = text;
  });
}
