// Keeps every [data-as-of] telling the truth about its age, in the words of the page (data-age-*
// on the body). The limits are those of the `age` filter. A wrong clock here changes nothing: the
// server's own (data-now, when it made the page) is compared once.
const arrived = performance.timeOrigin + (performance.getEntriesByType("navigation")[0]?.responseStart ?? 0);
const skew = arrived - (Date.parse(document.body.dataset.now) || arrived);
const words = () => document.body.dataset;

function textOf(seconds) {
  const say = (text, n) => text.replace("{n}", n);
  if (seconds < 5) return words().ageNow;
  if (seconds < 60) return say(words().ageS, seconds);
  if (seconds < 3600) return say(words().ageMin, Math.floor(seconds / 60));
  if (seconds < 86400) return say(words().ageH, Math.floor(seconds / 3600));
  const days = Math.floor(seconds / 86400);
  return say(days === 1 ? words().ageDay : words().ageDays, days);
}

function tell() {
  for (const element of document.querySelectorAll("[data-as-of]")) {
    const seconds = Math.max(0, Math.floor((Date.now() - skew - Date.parse(element.dataset.asOf)) / 1000));
    const text = Number.isNaN(seconds) ? element.textContent : textOf(seconds);
    if (element.textContent !== text) element.textContent = text;
  }
}

setInterval(() => document.hidden || tell(), 1000);
document.addEventListener("visibilitychange", tell);
document.addEventListener("htmx:afterSwap", tell);
tell();
