// What a person asks for goes before what the page asks for by itself. A look that is under way for the
// same part is given up (else the press would be dropped or queued behind it, or its older answer would
// take away what the press brings), and until the press is answered none begins; it comes right after.
// What is asked for only once, as the part comes (load), or tells the server something is no look.
const looks = new Map();
const presses = new Map();
let later = [];

const isPress = (event) => ["click", "submit", "change", "input"].includes(event?.type);
const isLook = ({ elt, verb, triggeringEvent: event }) =>
  verb === "get" && elt.matches?.("[data-quiet]") && event?.type !== "load" && !isPress(event);
const meet = (one, other) => one.contains(other) || other.contains(one);

document.addEventListener("htmx:confirm", (event) => {
  const { detail } = event;
  const { elt, target } = detail;
  if (isLook(detail)) {
    if (![...presses.values()].some((press) => meet(press.target, target))) return;
    event.preventDefault();
    if (!later.some((one) => one.elt === elt)) later.push({ elt, issue: detail.issueRequest });
  } else if (isPress(detail.triggeringEvent)) {
    for (const look of [...looks.values()]) {
      if (meet(look.target, target) || look.elt.contains(elt)) window.htmx.trigger(look.elt, "htmx:abort");
    }
  }
});

document.addEventListener("htmx:beforeSend", ({ detail: { xhr, elt, target, requestConfig } }) => {
  const { triggeringEvent, verb } = requestConfig;
  const kept = isPress(triggeringEvent) ? presses : isLook({ elt, verb, triggeringEvent }) && looks;
  if (!kept) return;
  kept.set(xhr, { elt, target });
  xhr.addEventListener("loadend", () => end(xhr));
});

function end(xhr) {
  looks.delete(xhr);
  presses.delete(xhr);
  if (presses.size) return;
  for (const { elt, issue } of later.splice(0)) if (elt.isConnected) issue(true);
}
