// The choice of a time zone names the browser's own. It is sent nowhere.
const here = Intl.DateTimeFormat().resolvedOptions().timeZone;

for (const option of document.querySelectorAll("[data-own-zone-option]")) {
  if (here) option.textContent = option.dataset.text.replace("{zone}", here);
}
