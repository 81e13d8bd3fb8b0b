/* The map under the keyboard: one tab stop, arrows to the geographic neighbour. */

import { areaTowards, isDirection } from "./directions.js";
import { say } from "./words.js";

/**
 * Wire the keys of a map drawn by drawMap. `sentence(index)` is spoken; `enter(index)`, `leave()` are what
 * Enter and Escape do (`leave` says whether there was anything to leave); `first()` is where to begin.
 */
export function wireKeys(drawn, { spoken, sentence, enter, leave, first }) {
  const { frame, map, sheets } = drawn;

  function walk(key) {
    const from = drawn.pointed;
    const to = from >= 0 ? areaTowards(sheets.areas, from, key) : drawn.nearestToCentre();
    if (to >= 0) {
      drawn.point(to);
      drawn.hideTooltip();
      drawn.show(to);
    }
    spoken.textContent = to < 0 ? say("edge") : sentence(to);
  }

  frame.addEventListener("focus", () => {
    map.scrollWheelZoom.enable();
    if (!frame.matches(":focus-visible")) return;
    const start = first();
    drawn.point(start >= 0 ? start : drawn.nearestToCentre());
    spoken.textContent = sentence(drawn.pointed);
  });
  frame.addEventListener("blur", () => {
    map.scrollWheelZoom.disable();
    drawn.point(-1);
  });
  frame.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (isDirection(event.key)) walk(event.key);
    else if (event.key === "Enter" || event.key === " ") {
      if (drawn.pointed >= 0) enter(drawn.pointed);
    } else if (event.key === "Escape") {
      if (!leave()) frame.blur();
      event.stopPropagation();
    } else if (event.key === "+" || event.key === "=") map.zoomIn();
    else if (event.key === "-") map.zoomOut();
    else if (event.key === "0") drawn.fit();
    else return;
    event.preventDefault();
  });
}
