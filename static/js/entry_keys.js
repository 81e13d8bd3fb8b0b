/* The grid without a mouse: Enter and the arrows go from commune to commune, Alt+0 says there were no cases. */

/** Wire the keys of `rows`. `noCases(row)` fills a row with zeros, `send()` opens the box that sends. */
export function wireKeys(form, rows, { noCases, send }) {
  const open = rows.filter((row) => !row.locked);

  /** To the same column of another commune; with one commune alone, to its next field. */
  function go(field, step) {
    if (rows.length === 1) return aside(field, step);
    const row = open.findIndex((each) => each.fields.includes(field));
    open[row + step]?.field(field.dataset.field).focus();
  }

  function aside(field, step) {
    const fields = open.flatMap((row) => row.fields);
    fields[fields.indexOf(field) + step]?.focus();
  }

  form.addEventListener("focusin", ({ target }) => target.matches("[data-field]") && target.select());
  form.addEventListener("keydown", (event) => {
    const field = event.target;
    if (event.key === "Enter" && event.ctrlKey) {
      event.preventDefault();
      send();
      return;
    }
    if (!field.matches("[data-field]") || event.isComposing) return;
    const at = [field.selectionStart, field.selectionEnd];
    const whole = at[0] === 0 && at[1] === field.value.length;
    if (event.altKey && event.code === "Digit0") {
      noCases(rows.find((row) => row.fields.includes(field)));
      go(field, 1);
    } else if (event.altKey || event.ctrlKey || event.metaKey) {
      return;
    } else if (event.key === "Enter") {
      go(field, event.shiftKey ? -1 : 1);
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      go(field, event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "ArrowLeft" && !event.shiftKey && (whole || at[1] === 0)) {
      aside(field, -1);
    } else if (event.key === "ArrowRight" && !event.shiftKey && (whole || at[0] === field.value.length)) {
      aside(field, 1);
    } else {
      return;
    }
    event.preventDefault();
  });
}
