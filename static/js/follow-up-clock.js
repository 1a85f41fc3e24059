// Counts on how long a lead has been waiting for its first call, in the steps, words and shapes of the
// server (data-words of #queue, see presenters/follow_up_row.py). Its clock counts, not the one here.
const arrived = performance.timeOrigin + (performance.getEntriesByType("navigation")[0]?.responseStart ?? 0);
const skew = arrived - (Date.parse(document.body.dataset.now) || arrived);

function told() {
  try {
    return JSON.parse(document.getElementById("queue").dataset.words);
  } catch {
    return null;
  }
}

function textOf(seconds, shapes) {
  const [m, h, d] = [60, 3600, 86400].map((length) => Math.floor(seconds / length));
  const say = (shape, values) => Object.entries(values).reduce((text, [name, value]) => text.replace(`{${name}}`, value), shape);
  if (h < 1) return say(shapes.min, { m, s: String(seconds % 60).padStart(2, "0") });
  if (d < 1) return say(shapes.h, { h, m: m % 60 });
  return say(shapes.d, { d });
}

function count(time, { steps, shapes }) {
  const seconds = Math.max(0, Math.floor((Date.now() - skew - Date.parse(time.dataset.clock)) / 1000));
  const [, tone, word] = steps.findLast(([least]) => seconds >= least * 60);
  const clock = time.closest(".clock");
  const text = textOf(seconds, shapes);
  if (time.textContent !== text) time.textContent = text;
  if (clock.dataset.tone !== tone) clock.dataset.tone = tone;
  const shown = clock.querySelector(".clock__word");
  if (shown.textContent !== word) shown.textContent = word;
}

function tell() {
  const words = told();
  if (!words || document.hidden) return;
  for (const time of document.querySelectorAll("[data-clock]")) count(time, words);
}

setInterval(tell, 1000);
document.addEventListener("visibilitychange", tell);
document.addEventListener("htmx:afterSettle", tell);
tell();
