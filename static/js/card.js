/* The card of the chosen area, and the totals. Both only show what they are given. */

import { levelWords, say, sayChange, sayDate, sayDays } from "./words.js";

/**
 * Wire the card under `root`; `closed()` is called when it is closed. Returns `show(area)`, `null` for none:
 * `{code, name, parent, level, provisional, since, days, day}`, `since` and `day` as ISO dates.
 */
export function wireCard(root, { closed }) {
  const one = (name) => root.querySelector(`[data-card${name}]`);
  const badge = one("-level").querySelector(".level");
  one("-close").addEventListener("click", closed);

  return function show(area) {
    one("").hidden = !area;
    one("-empty").hidden = Boolean(area);
    if (!area) return;
    const words = levelWords(area.level);
    one("-name").textContent = area.name;
    one("-parent").textContent = area.parent;
    badge.className = `level level--${words.key}${area.provisional ? " level--provisional" : ""}`;
    badge.querySelector(".level__letter").textContent = words.letter;
    badge.querySelector(".level__words").textContent = words.name;
    one("-since").hidden = area.level === 0;
    one("-since").textContent = say("since", { day: sayDate(area.since), days: sayDays(area.days) });
    one("-provisional").hidden = !area.provisional;
    const link = one("-detail");
    link.href = link.dataset.pattern.replace("CODE", area.code).replace("DAY", area.day);
  };
}

/**
 * Wire the totals under `root`. Returns `show(totals, before)`: how many areas have each level, the sixth
 * number how many are provisional; `before` the same of the day before, `null` on the first day.
 */
export function wireTotals(root) {
  const counts = [0, 1, 2, 3, 4, 5].map((level) => root.querySelector(`[data-total="${level}"]`));
  const changes = [0, 1, 2, 3, 4].map((level) => root.querySelector(`[data-change="${level}"]`));
  const hint = root.querySelector("[data-has-change]");
  const noData = root.querySelector("[data-total-no-data]");
  const provisional = root.querySelector("[data-total-provisional]");

  return function show(totals, before) {
    counts.forEach((element, level) => (element.textContent = totals[level]));
    changes.forEach((element, level) => {
      element.textContent = before ? `(${sayChange(totals[level] - before[level])})` : "";
    });
    hint.hidden = !before;
    noData.hidden = totals[0] === 0;
    provisional.hidden = totals[5] === 0;
  };
}
