/* The date slider, its buttons and the date field. They only say which day is wanted. */

import { sayDate } from "./words.js";

const DAYS_A_SECOND = 4;

/** 9/7/2021 as 2021-07-09; anything else as it is. */
const readDate = (text) =>
  text.trim().replace(/^(\d{1,2})\/(\d{1,2})\/(\d{4})$/, (_, day, month, year) =>
    [year, month.padStart(2, "0"), day.padStart(2, "0")].join("-"),
  );

/**
 * Wire the controls under `root`; `days` is `{days, isoDay, dayOf}`. `wanted(day)` is called at once for each
 * step, `rested()` when no step has come for a moment. Returns `{show(day)}`, which moves the controls to a
 * day. A root without a play button does not play.
 */
export function wireTimeline(root, frames, { wanted, rested, playWord, pauseWord }) {
  const slider = root.querySelector("[data-slider]");
  const field = root.querySelector("[data-date]");
  const play = root.querySelector("[data-play]");
  const previous = root.querySelector("[data-previous]");
  const next = root.querySelector("[data-next]");
  const last = frames.days - 1;
  let day = 0;
  let playing = 0;
  let resting = 0;

  slider.max = last;

  function go(to) {
    day = Math.max(0, Math.min(last, to));
    wanted(day);
    clearTimeout(resting);
    resting = setTimeout(rested, 250);
  }

  function stop() {
    clearInterval(playing);
    playing = 0;
    play.removeAttribute("data-playing");
    play.setAttribute("aria-label", playWord);
  }

  function start() {
    if (day === last) go(0);
    playing = setInterval(() => (day < last ? go(day + 1) : stop()), 1000 / DAYS_A_SECOND);
    play.setAttribute("data-playing", "");
    play.setAttribute("aria-label", pauseWord);
  }

  slider.addEventListener("input", () => {
    if (playing) stop();
    go(slider.valueAsNumber);
  });
  previous.addEventListener("click", () => go(day - 1));
  next.addEventListener("click", () => go(day + 1));
  play?.addEventListener("click", () => (playing ? stop() : start()));
  field.addEventListener("change", () => {
    const chosen = frames.dayOf(readDate(field.value));
    field.setCustomValidity(chosen < 0 ? field.dataset.outside : "");
    if (chosen < 0) {
      field.reportValidity();
      return;
    }
    go(chosen);
    field.value = sayDate(frames.isoDay(chosen));
  });
  field.form.addEventListener("submit", (event) => event.preventDefault());
  field.addEventListener("input", () => field.setCustomValidity(""));

  return {
    show(shown, valueText) {
      day = shown;
      slider.value = shown;
      slider.setAttribute("aria-valuetext", valueText);
      if (document.activeElement !== field) field.value = sayDate(frames.isoDay(shown));
      previous.disabled = shown === 0;
      next.disabled = shown === last;
    },
  };
}
