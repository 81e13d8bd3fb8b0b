/* Ctrl+Enter (⌘+Enter) anywhere in a form with data-ctrl-enter hands it in, as its button does. */
for (const form of document.querySelectorAll("form[data-ctrl-enter]")) {
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    form.requestSubmit();
  });
  for (const part of form.querySelectorAll("[data-needs-script]")) part.hidden = false;
}
