// Says so when the reader's clock shows another time than the calendar's. The reader's zone is the
// one they chose under "Personal" (<html data-my-zone>), or the browser's, which never leaves it.
function clock(instant, zone, language) {
  const shown = { timeZone: zone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  return new Intl.DateTimeFormat(language, shown).format(instant);
}

function tell() {
  const language = document.documentElement.lang;
  const here = document.documentElement.dataset.myZone || Intl.DateTimeFormat().resolvedOptions().timeZone;
  for (const note of document.querySelectorAll("[data-zone]")) {
    const own = note.querySelector("[data-own]");
    if (!own || !here) continue;
    // Noon of the shown day: zones may differ on that day and not today.
    const noon = new Date(`${note.dataset.day}T12:00:00Z`);
    const [there, mine] = [clock(noon, note.dataset.zone, language), clock(noon, here, language)];
    own.hidden = there === mine;
    own.textContent = note.dataset.text.replace("{zone}", here).replace("{there}", there).replace("{here}", mine);
  }
}

document.addEventListener("htmx:afterSettle", tell);
tell();
