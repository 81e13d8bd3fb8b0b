/* What stands over the map and beside it: as of when, from which edition, totals, differences, files. */

import { say, sayChange, sayDate } from "./words.js";

/**
 * Wire the headline under `root`. Returns `show(facts)`:
 * `{view, layer, day (ISO), edition ([number, time] or none), hasDay, differing, recognised, totals, before,
 * province}`.
 */
export function wireHeadline(root) {
  const one = (selector) => root.querySelector(selector);
  const all = (selector) => [...root.querySelectorAll(selector)];
  const words = one("[data-headline]");
  const edition = one("[data-edition]");
  const editionLink = one("[data-edition-link]");
  const differences = one("[data-differences]");
  const differencesLink = one("[data-differences-link]");
  const noDay = one("[data-no-day]");
  const days = all("[data-day-shown]");
  const views = all("[data-only-view]");
  const files = one("[data-files]");
  const counts = [0, 1, 2, 3, 4, 5].map((level) => one(`[data-total="${level}"]`));
  const changes = [0, 1, 2, 3, 4].map((level) => one(`[data-change="${level}"]`));
  const hint = one("[data-has-change]");
  const differs = one("[data-total-differs]");

  function showTotals({ totals, before, view, differing, recognised }) {
    counts.forEach((element, level) => (element.textContent = totals[level]));
    changes.forEach((element, level) => {
      element.textContent = before ? `(${sayChange(totals[level] - before[level])})` : "";
    });
    hint.hidden = !before;
    hint.textContent = say(view === "published" ? "since_edition" : "since_yesterday");
    one("[data-total-no-data]").hidden = totals[0] === 0;
    one("[data-total-provisional]").hidden = totals[5] === 0;
    one("[data-total-decided]").hidden = totals[6] === 0;
    one('[data-total="decided"]').textContent = totals[6];
    one("[data-total-unapproved]").hidden = totals[7] === 0;
    one('[data-total="unapproved"]').textContent = totals[7];
    one("[data-total-zones]").hidden = !recognised;
    one('[data-total="zones"]').textContent = recognised;
    differs.hidden = !differing;
    one('[data-total="6"]').textContent = differing;
  }

  return {
    /** At each step: only what a glance sees. */
    show(facts) {
      const { view, day, edition: published, hasDay, differing } = facts;
      const written = sayDate(day);
      for (const element of days) element.textContent = written;
      words.textContent =
        view === "published" && published ? say("cut_off", { time: published[1] }) : say("whole_day");
      for (const element of views) element.hidden = element.dataset.onlyView !== view;
      edition.hidden = !published;
      if (published) editionLink.textContent = say("edition", { number: published[0] });
      noDay.hidden = hasDay;
      if (!hasDay) noDay.textContent = say(view === "published" ? "no_edition" : "not_known", { day: written });
      differences.hidden = !differing;
      if (differing) {
        one("[data-differences-words]").textContent = say(
          differing === 1 ? "one_differs_from_known" : "differ_from_known",
          { count: differing },
        );
      }
      showTotals(facts);
    },
    /** When the slider rests: the addresses. */
    rest({ view, layer, day, edition: published, hasDay }) {
      differencesLink.href = differencesLink.dataset.pattern.replace("DAY", day);
      if (published) {
        editionLink.href = editionLink.dataset.pattern.replace("/0/", `/${published[0]}/`);
      }
      files.hidden = !hasDay || (view === "known" && !files.dataset.ofNow); // no file is of an instant
      for (const link of files.querySelectorAll("[data-file]")) {
        link.href = `${link.dataset.file.replace("DAY", day)}&layer=${layer}&view=${view}`;
      }
    },
  };
}
