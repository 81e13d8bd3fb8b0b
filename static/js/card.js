/* The card of the chosen area. It only shows what it is given. */

import { levelWords, say, sayDate, sayDays } from "./words.js";

/**
 * Wire the card under `root`; `closed()` is called when it is closed, `drilled(code)` when what lies below a
 * district is wanted. Returns `show(area)`, `null` for none: `{code, name, parent, level, provisional, decided,
 * since, days, day, district, hamlets, notes, target}`, `since` and `day` as ISO dates, `district` whether it is one,
 * `hamlets` whether it lists any, `notes` sentences on the other view and day, `target` what it registered, or "".
 */
export function wireCard(root, { closed, drilled }) {
  const one = (name) => root.querySelector(`[data-card${name}]`);
  const badge = one("-level").querySelector(".level");
  let shown = null;
  one("-close").addEventListener("click", closed);
  one("-drill").addEventListener("click", (event) => {
    event.preventDefault();
    drilled(shown.code);
  });

  return function show(area) {
    one("").hidden = !area;
    one("-empty").hidden = Boolean(area);
    shown = area;
    if (!area) return;
    const words = levelWords(area.level);
    one("-name").textContent = area.name;
    one("-parent").textContent = area.parent;
    badge.className = `level level--${words.key}${area.provisional ? " level--provisional" : ""}${
      area.decided ? " level--decided" : ""
    }`;
    badge.querySelector(".level__letter").textContent = words.letter;
    badge.querySelector(".level__words").textContent = words.name;
    one("-since").hidden = area.level === 0;
    one("-since").textContent = say("since", { day: sayDate(area.since), days: sayDays(area.days) });
    one("-provisional").hidden = !area.provisional;
    one("-other").hidden = !area.notes.length;
    one("-other").textContent = area.notes.join(" · ");
    one("-target").hidden = !area.target;
    one("-target").textContent = area.target;
    one("-drill").hidden = !area.district;
    one("-hamlets").hidden = !area.hamlets;
    for (const link of [one("-detail"), one("-hamlets")]) {
      link.href = link.dataset.pattern.replace("CODE", area.code).replace("DAY", area.day);
    }
  };
}
