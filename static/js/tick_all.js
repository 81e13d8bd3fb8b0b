/* Tick all rows of a form at once: [data-tick] is the form, [data-tick-all] the box over all the others,
   [data-ticked] says how many are ticked. */
for (const form of document.querySelectorAll("[data-tick]")) {
  const all = form.querySelector("[data-tick-all]");
  if (!all) continue;
  const boxes = [...form.querySelectorAll('input[type="checkbox"][name]')];
  const said = form.querySelector("[data-ticked]");

  const tell = () => {
    const ticked = boxes.filter((box) => box.checked).length;
    all.checked = ticked > 0 && ticked === boxes.length;
    all.indeterminate = ticked > 0 && ticked < boxes.length;
    said.textContent = `${ticked}/${boxes.length}`;
  };
  all.addEventListener("change", () => {
    for (const box of boxes) box.checked = all.checked;
    tell();
  });
  form.addEventListener("change", (event) => {
    if (event.target !== all) tell();
  });
  for (const part of form.querySelectorAll("[data-needs-script]")) part.hidden = false;
  tell();
}
