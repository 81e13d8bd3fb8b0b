/* The grid of pledges without a mouse: the keys of the grid of counts, over its own rows. */
import { wireKeys } from "./entry_keys.js";

const form = document.querySelector("[data-pledge-grid]");
const rows = Array.from(form.querySelectorAll("[data-row]"), (element) => {
  const fields = Array.from(element.querySelectorAll("[data-field]"));
  return { fields, locked: false, field: (name) => fields.find((each) => each.dataset.field === name) };
});
wireKeys(form, rows, {
  noCases: (row) => row.fields.forEach((field) => (field.value = "0")),
  send: () => form.requestSubmit(),
});
