/* The map in another site's page: one view of one province, with or without the slider. */

import { Levels } from "./levels.js";
import { wireKeys } from "./map_keys.js";
import { bordersOf, drawMap, readTheme } from "./map_sheet.js";
import { wireTimeline } from "./timeline.js";
import { decodeTopology } from "./topology.js";
import { levelWords, say, sayDate, sayDays } from "./words.js";

const page = document.querySelector("[data-embed]");
const one = (selector) => page.querySelector(selector);

async function load(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${answer.status} ${address}`);
  return answer.json();
}

try {
  const { boundariesUrl, framesUrl } = page.dataset;
  start(...(await Promise.all([load(boundariesUrl).then(decodeTopology), load(framesUrl)])));
} catch (trouble) {
  one("[data-map-trouble]").hidden = false;
  throw trouble;
}

function start(topology, frames) {
  const { layer, view, firstDay, lastDay } = page.dataset;
  const { areas } = topology.layers[layer];
  const editions = JSON.parse(document.getElementById("map-editions").textContent);
  const levels = new Levels({ [layer]: topology.layers[layer] }, { firstDay, lastDay }, editions);
  levels.take(view, frames);
  const values = new Uint8Array(areas.length);
  const theme = readTheme([0, 1, 2, 3, 4].map((level) => levelWords(level).letter));
  const spoken = one("[data-spoken]");
  const until = one("[data-until]");
  let day = levels.dayOf(page.dataset.day);
  let chosen = -1;

  const drawn = drawMap(one("[data-sheet]"), topology, theme, {
    pointedAt() {},
    clicked: choose,
    sentence,
  });
  drawn.sheets.setAreas(areas, bordersOf(topology, layer, theme));
  wireKeys(drawn, {
    spoken,
    sentence,
    first: () => chosen,
    enter: choose,
    leave() {
      const had = chosen >= 0;
      choose(-1);
      return had;
    },
  });
  for (const element of page.querySelectorAll("[data-needs-script]")) element.hidden = false;
  for (const element of page.querySelectorAll("[data-without-script]")) element.hidden = true;
  const timeline = one("[data-timeline]") && wireTimeline(one("[data-timeline]"), levels, {
    wanted(wanted) {
      day = wanted;
      show();
    },
    rested: () => drawn.sheets.refresh(),
    playWord: say("play"),
    pauseWord: say("pause"),
  });
  show();
  new ResizeObserver(drawn.resized).observe(drawn.frame);
  page.dataset.ready = "";

  function show() {
    levels.fill(values, view, layer, day);
    drawn.sheets.setValues(values);
    const iso = levels.isoDay(day);
    const edition = levels.editionOf(day);
    const missing = view === "published" && !edition;
    until.textContent = view === "known" ? say("whole_day") : say("cut_off", { time: edition?.[1] ?? "–" });
    one("[data-day-shown]").textContent = sayDate(iso);
    const totals = levels.totalsOn(view, layer, day);
    totals.forEach((count, place) => (one(`[data-total="${place}"]`).textContent = count));
    one("[data-total-no-data]").hidden = totals[0] === 0;
    one("[data-total-provisional]").hidden = totals[5] === 0;
    one("[data-total-decided]").hidden = totals[6] === 0;
    one("[data-total-unapproved]").hidden = totals[7] === 0;
    timeline?.show(day, say("slider_text", { day: sayDate(iso) }));
    const back = new URL(one("[data-back]").href);
    back.searchParams.set("day", iso);
    one("[data-back]").href = back;
    if (missing) spoken.textContent = say("no_edition", { day: sayDate(iso) });
    else spoken.textContent = chosen < 0 ? "" : sentence(chosen);
    drawn.renewTooltip();
  }

  function choose(index) {
    chosen = index;
    drawn.sheets.setMarks({ chosen: index });
    spoken.textContent = index < 0 ? "" : sentence(index);
  }

  function sentence(index) {
    const { code, name } = areas[index];
    const { level, provisional, decided, unapproved, since } = levels.about(view, layer, code, day);
    const { zone } = levelWords(level);
    if (!level) return say("area_no_data", { name, zone });
    let said = say(provisional ? "area_provisional" : "area_level", { name, zone, days: sayDays(day - since + 1) });
    if (decided) said = say("also_decided", { sentence: said });
    return unapproved ? say("also_unapproved", { sentence: said }) : said;
  }
}
