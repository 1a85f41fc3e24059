// Passkeys: a form with data-passkey="create" or "get" asks the browser for one when it is sent, and
// sends the answer along in its field "credential". What to ask for is in data-passkey-options, as
// JSON, or comes from the form's own address. Forms that are hidden without this script are shown.
const known = Boolean(window.PublicKeyCredential && navigator.credentials);

function bytes(text) {
  const padded = text.replace(/-/g, "+").replace(/_/g, "/");
  return Uint8Array.from(atob(padded), (sign) => sign.charCodeAt(0));
}

function text(buffer) {
  const signs = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(signs).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

const opened = (list) => list?.map((one) => ({ ...one, id: bytes(one.id) }));

// The server's JSON as the browser wants it: bytes where it says base64.
function asked({ publicKey }) {
  const wanted = { ...publicKey, challenge: bytes(publicKey.challenge) };
  if (publicKey.user) wanted.user = { ...publicKey.user, id: bytes(publicKey.user.id) };
  if (publicKey.excludeCredentials) wanted.excludeCredentials = opened(publicKey.excludeCredentials);
  if (publicKey.allowCredentials) wanted.allowCredentials = opened(publicKey.allowCredentials);
  return { publicKey: wanted };
}

const FIELDS = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];

function answered(credential) {
  const response = {};
  for (const field of FIELDS) if (credential.response[field]) response[field] = text(credential.response[field]);
  if (credential.response.getTransports) response.transports = credential.response.getTransports();
  return {
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment,
    clientExtensionResults: credential.getClientExtensionResults(),
    response,
  };
}

async function options(form) {
  if (form.dataset.passkeyOptions) return JSON.parse(form.dataset.passkeyOptions);
  const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(answer.statusText);
  return (await answer.json()).request_options;
}

function tell(form, error) {
  const place = form.querySelector("[data-passkey-error]");
  const { failed, known: twice, missing } = place.dataset;
  place.textContent = { InvalidStateError: twice, NotSupportedError: missing }[error.name] ?? failed;
  place.hidden = false;
}

async function ask(form) {
  const button = form.querySelector("[type=submit]");
  button.disabled = true;
  try {
    const credential = await navigator.credentials[form.dataset.passkey](asked(await options(form)));
    form.elements.credential.value = JSON.stringify(answered(credential));
    // Not requestSubmit: that would ask again.
    form.submit();
  } catch (error) {
    tell(form, error);
    button.disabled = false;
    button.focus();
  }
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  form.hidden = !known && form.dataset.passkey === "get";
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (known) ask(form);
    else tell(form, { name: "NotSupportedError" });
  });
}
