/* The total of a scoring sheet while it is filled: the weighted share of the points that could be had, of
   the criteria scored so far, as awards/score_totals.py reckons it. */
for (const form of document.querySelectorAll("[data-score-sheet]")) {
  const fields = [...form.querySelectorAll("[data-points]")];
  const total = form.querySelector("[data-total]");
  const left = form.querySelector("[data-left]");
  const said = new Intl.NumberFormat(document.documentElement.lang || "vi", {
    minimumFractionDigits: 1,
    maximumFractionDigits: 1,
  });

  const tell = () => {
    const scored = fields.filter((field) => field.value !== "" && field.validity.valid);
    const weights = scored.reduce((sum, field) => sum + Number(field.dataset.weight), 0);
    const share = scored.reduce(
      (sum, field) => sum + (Number(field.value) / Number(field.dataset.maximum)) * Number(field.dataset.weight),
      0,
    );
    total.textContent = weights ? said.format((100 * share) / weights) : "–";
    left.textContent = `${scored.length}/${fields.length}`;
  };
  form.addEventListener("input", tell);
  tell();
}
