/* What is typed into a form and not sent yet outlives the session, a reload, a restart, in this browser alone.
   [data-draft] is the form, its value the key; [data-fresh] is on one that holds nothing of the reader's yet.
   A page with [data-draft-saved] (keys) reached with #saved in its address says that they are stored. */
import { openStore } from "./entry_store.js";

const TYPED = 'input[type="text"][name], textarea[name]';

for (const page of document.querySelectorAll("[data-draft-saved]")) {
  if (location.hash !== "#saved") continue;
  for (const key of page.dataset.draftSaved.split(" ")) {
    const store = openStore(key);
    for (const name of Object.keys(store.all())) store.drop(name);
  }
}

for (const form of document.querySelectorAll("[data-draft]")) {
  const store = openStore(form.dataset.draft);
  const fields = [...form.querySelectorAll(TYPED)];
  const version = form.elements.version;
  const restored = form.querySelector("[data-restored]");
  const keep = (field) => store.keep(field.name, { text: field.value, version: version?.value ?? "" });
  const kept = store.all();

  for (const field of fields) {
    field.addEventListener("input", () => keep(field));
    const row = kept[field.name];
    const typed = field.value !== field.defaultValue; // before this script was there
    if ("fresh" in form.dataset && row && !typed && row.text !== field.value) {
      field.value = row.text;
      if (version) version.value = row.version; // what came meanwhile is shown beside it
      restored.hidden = false;
    } else if (typed || !("fresh" in form.dataset)) keep(field);
  }
  form.querySelector("[data-drop]")?.addEventListener("click", () => {
    for (const name of Object.keys(store.all())) store.drop(name);
    location.reload();
  });
}
