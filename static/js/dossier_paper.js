/* A paper of a dossier saves itself, field by field; what is not saved yet outlives the session in this browser. */
import { csrfToken, hasExpired } from "./entry_saving.js";
import { openStore } from "./entry_store.js";

const IDLE = 1_500;
const AGAIN = 10_000;

for (const form of document.querySelectorAll("[data-paper]")) {
  const store = openStore(`dossier-${form.dataset.paper}`);
  const status = form.querySelector("[data-status]");
  const fields = [...form.querySelectorAll("[data-autosave]")];
  const saved = new Map(fields.map((field) => [field.name, field.defaultValue.replace(/\r\n/g, "\n")]));
  let timer = 0;
  let underway = Promise.resolve();
  let stopped = Boolean(form.querySelector(".theirs"));

  const tell = (key, more = "") => {
    status.textContent = key ? `${form.dataset[key]}${more}` : "";
  };
  const unsaved = () => fields.filter((field) => field.value !== saved.get(field.name));

  const save = async () => {
    const waiting = unsaved();
    if (!waiting.length || stopped) return;
    const words = Object.fromEntries(waiting.map((field) => [field.name, field.value]));
    tell("saving");
    let response;
    try {
      response = await fetch(form.dataset.saveUrl, {
        method: "POST",
        redirect: "manual", // an expired session answers with the way to the login page
        headers: { "Content-Type": "application/json", "X-CSRFToken": csrfToken(form) },
        body: JSON.stringify({ words, version: Number(form.elements.version.value) }),
      });
      if (response.ok) {
        const answer = await response.json();
        form.elements.version.value = answer.version;
        for (const [name, text] of Object.entries(words)) {
          saved.set(name, text);
          const field = form.elements[name];
          if (field.value === text) store.drop(name);
        }
        tell("saved", ` ${answer.saved}`);
        if (unsaved().length) later();
        return;
      }
    } catch {
      response = null;
    }
    if (response && hasExpired(response)) tell("login");
    else if (response?.status === 409) {
      stopped = true; // the whole form, sent by the button, shows theirs beside one's own
      tell("changed");
    } else if (response && response.status < 500) status.textContent = (await response.json()).message;
    else {
      tell("offline");
      timer = setTimeout(flush, AGAIN);
    }
  };
  const flush = () => {
    clearTimeout(timer);
    underway = underway.then(save);
    return underway;
  };
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(flush, IDLE);
  };

  const keep = (field) => {
    store.keep(field.name, { text: field.value, version: Number(form.elements.version.value) });
    tell("typing");
    later();
  };

  const kept = store.all();
  for (const field of fields) {
    const row = kept[field.name];
    if (row && row.text !== field.value && !stopped) {
      field.value = row.text;
      form.elements.version.value = row.version; // typed over this one: what came meanwhile is shown beside it
      tell("restored");
      later();
    } else if (row) store.drop(field.name);
    field.addEventListener("input", () => keep(field));
    field.addEventListener("blur", flush);
  }
  let sending = false;
  form.addEventListener("submit", (event) => {
    if (sending) return;
    event.preventDefault(); // what saves itself now would make the version of this form an old one
    sending = true;
    flush().then(() => {
      clearTimeout(timer);
      stopped = true;
      form.submit();
    });
  });
  if (!stopped) for (const field of unsaved()) if (!kept[field.name]) keep(field); // typed before this script was there
  addEventListener("online", flush);
}
