/* The map page: one state (layer, view, day, second day, place), shown by the map, the headline, the card, the
   table and the address. */

import { wireCard } from "./card.js";
import { wireControls } from "./controls.js";
import { wireHeadline } from "./headline.js";
import { Levels, otherView } from "./levels.js";
import { wireKeys } from "./map_keys.js";
import { bordersOf, drawMap, moveTogether, readTheme } from "./map_sheet.js";
import { wireTable } from "./twin_table.js";
import { wireTimeline } from "./timeline.js";
import { decodeTopology } from "./topology.js";
import { levelWords, say, sayDate, sayDays } from "./words.js";

const page = document.querySelector("[data-risk-map]");
const one = (selector) => page.querySelector(selector);
const given = (id) => JSON.parse(document.getElementById(id).textContent);
const nextFrame = () => new Promise((go) => requestAnimationFrame(() => setTimeout(go)));

async function load(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${answer.status} ${address}`);
  return answer.json();
}

try {
  const [topology, frames] = await Promise.all([
    load(page.dataset.boundariesUrl).then(decodeTopology),
    page.dataset.framesUrl ? load(page.dataset.framesUrl) : given("map-frames"),
  ]);
  await start(topology, frames);
} catch (trouble) {
  one("[data-map-trouble]").hidden = false;
  throw trouble;
}

async function start(topology, frames) {
  const { firstDay, lastDay } = page.dataset;
  const drawn = { commune: topology.layers.commune, district: topology.layers.district };
  const levels = new Levels(drawn, { firstDay, lastDay }, given("map-editions"));
  levels.take(page.dataset.view, frames);
  const state = {
    layer: page.dataset.layer,
    view: page.dataset.view,
    day: levels.dayOf(page.dataset.day),
    compare: page.dataset.compare ? levels.dayOf(page.dataset.compare) : -1,
    district: page.dataset.district,
    area: page.dataset.area,
  };
  const theme = readTheme([0, 1, 2, 3, 4].map((level) => levelWords(level).letter));
  const layers = {};
  for (const name of ["commune", "district"]) layers[name] = joinLayer(name);
  const spoken = one("[data-spoken]");
  const main = drawMap(one("[data-main-map]"), topology, theme, {
    pointedAt: (index) => second?.sheets.setMarks({ pointed: index }),
    clicked: (index) => choose(index < 0 ? "" : current().areas[index].code, { look: false }),
    sentence,
  });
  let second = null;
  let differing = [];
  let zones = null; // recognised green zones, once they are there

  drawLayer(main);
  if (state.district) lookAtScope();
  paint(main, state.day);
  performance.mark("map-coloured");
  await nextFrame();

  const targets = new Map(Object.entries(given("map-targets"))); // what areas registered, in words
  const table = wireTable(one("[data-table]"), given("map-units"), {
    chosen: (code) => choose(code, { look: true }),
  });
  const showCard = wireCard(page, {
    closed: () => {
      choose("", { look: false });
      main.frame.focus();
    },
    drilled: go,
  });
  const headline = wireHeadline(page);
  const showControls = wireControls(page, { useLayer, useView, compare, go, setMode });
  const timeline = wireTimeline(one("[data-timeline]"), levels, {
    wanted: (day) => {
      state.day = day;
      showDay();
    },
    rested,
    playWord: say("play"),
    pauseWord: say("pause"),
  });
  const secondTimeline = wireTimeline(one("[data-compared-timeline]"), levels, {
    wanted: (day) => {
      state.compare = day;
      showSecond();
      showChosen();
    },
    rested,
  });
  wireKeys(main, {
    spoken,
    sentence,
    first: () => indexOf(state.area),
    enter(index) {
      const { code } = current().areas[index];
      if (state.layer === "district" && state.area === code) go(code);
      else choose(code, { look: true });
    },
    leave() {
      if (state.area) choose("", { look: false });
      else if (state.district) go("");
      else if (page.dataset.mode) setMode("");
      else return false;
      return true;
    },
  });
  one("[data-zoom-in]").addEventListener("click", () => main.map.zoomIn());
  one("[data-zoom-out]").addEventListener("click", () => main.map.zoomOut());
  one("[data-fit]").addEventListener("click", main.fit);

  for (const element of page.querySelectorAll("[data-needs-script]")) element.hidden = false;
  for (const element of page.querySelectorAll("[data-without-script]")) element.hidden = true;
  table.use(state.layer);
  table.scope(state.district);
  if (state.compare >= 0) openSecond();
  showDay();
  main.resized();
  rested();
  page.dataset.ready = "";
  if (indexOf(state.area) >= 0) choose(state.area, { look: false });
  const otherLoaded = loadOther();
  if (page.dataset.zonesUrl) loadZones();

  /** The areas of a layer with what is needed to paint and to name them. */
  function joinLayer(name) {
    const { areas } = drawn[name];
    const times = new Map();
    for (const area of areas) times.set(area.name, (times.get(area.name) ?? 0) + 1);
    return {
      areas,
      values: new Uint8Array(areas.length),
      indexOf: new Map(areas.map(({ code }, index) => [code, index])),
      /** A name that occurs more than once is said with where it lies. */
      fullName: (area) => (times.get(area.name) > 1 ? `${area.name}, ${table.entryOf(area.code)?.parent}` : area.name),
    };
  }

  function current() {
    return layers[state.layer];
  }

  function indexOf(code) {
    return current().indexOf.get(code) ?? -1;
  }

  /** The other view comes when the map is there already: until then no difference is marked. */
  async function loadOther() {
    if (!page.dataset.otherFramesUrl) return;
    levels.take(otherView(page.dataset.view), await load(page.dataset.otherFramesUrl));
    showDay();
    rested();
    page.dataset.bothViews = "";
  }

  async function loadZones() {
    const [{ readZones }, answer] = await Promise.all([import("./zones.js"), load(page.dataset.zonesUrl)]);
    zones = readZones(answer, layers, { dayOf: levels.dayOf, firstDay });
    showDay();
    if (second) showSecond();
    rested();
    page.dataset.zonesShown = "";
  }

  function drawLayer(map) {
    map.sheets.setAreas(current().areas, bordersOf(topology, state.layer, theme));
    const scope = state.layer === "commune" ? layers.district.indexOf.get(state.district) : undefined;
    map.sheets.setScope(scope === undefined ? null : layers.district.areas[scope].path);
  }

  function paint(map, day) {
    const { values } = current();
    levels.fill(values, state.view, state.layer, day);
    map.sheets.setValues(values);
    if (zones) map.sheets.setZones(zones.on(state.layer, day));
  }

  function lookAtScope() {
    const index = layers.district.indexOf.get(state.district);
    if (index === undefined) main.fit();
    else main.lookAt(layers.district.areas[index].box);
  }

  /** One step of the slider: only what a glance sees. The table, the address and the voice follow at rest. */
  function showDay() {
    paint(main, state.day);
    differing = levels.differing(state.layer, state.day);
    main.sheets.setDots(differing);
    headline.show(facts());
    timeline.show(state.day, say("slider_text", { day: sayDate(levels.isoDay(state.day)) }));
    showChosen();
    main.renewTooltip();
  }

  function facts() {
    const { view, layer, day } = state;
    const before = levels.dayBefore(view, day);
    const totals = levels.totalsOn(view, layer, day);
    const hasDay = totals[1] + totals[2] + totals[3] + totals[4] > 0;
    return {
      view,
      layer,
      day: levels.isoDay(day),
      edition: view === "published" ? levels.editionOf(day) : undefined,
      hasDay,
      differing: differing.length,
      recognised: zones?.on(layer, day).length ?? 0,
      totals,
      before: hasDay && before >= 0 ? levels.totalsOn(view, layer, before) : null,
    };
  }

  function rested() {
    const { view, layer, day, compare: comparedDay } = state;
    main.sheets.refresh();
    second?.sheets.refresh();
    headline.rest(facts());
    const comparing = comparedDay >= 0;
    const before = comparing ? comparedDay : levels.dayBefore(view, day);
    const marked = new Set(differing.map((index) => current().areas[index].code));
    table.show(
      (code) => {
        const { level, provisional, decided, unapproved, since } = levels.about(view, layer, code, day);
        const was = levels.about(view, layer, code, before).level;
        return {
          level,
          provisional,
          decided,
          unapproved,
          recognised: zones?.has(code, day) ?? false,
          since: levels.isoDay(since),
          changed: level !== was && level > 0 && was > 0,
          other: marked.has(code) ? levels.about(otherView(view), layer, code, day).level : null,
          compared: comparing ? was : null,
        };
      },
      {
        day: levels.isoDay(day),
        view,
        compared: comparing ? levels.isoDay(comparedDay) : "",
        anyDiffers: marked.size > 0,
        changedWords: say(
          comparing ? "changed_between" : view === "published" ? "changed_since_edition" : "changed_since_yesterday",
        ),
      },
    );
    const address = new URL(window.location);
    address.search = new URLSearchParams({
      province: page.dataset.province,
      day: levels.isoDay(day),
      layer,
      view,
      ...(page.dataset.asOf && { as_of: page.dataset.asOf }),
      ...(comparing && { compare: levels.isoDay(comparedDay) }),
      ...(state.district && { district: state.district }),
      ...(state.area && { area: state.area }),
      ...(page.dataset.mode && { mode: page.dataset.mode }),
    });
    window.history.replaceState(null, "", address);
    for (const field of document.querySelectorAll("[data-here]")) field.value = address.pathname + address.search;
    showPath();
  }

  function showPath() {
    const chosen = state.layer === "commune" && state.area ? table.entryOf(state.area) : null;
    const scope = state.district || chosen?.up;
    showControls({
      layer: state.layer,
      view: state.view,
      comparing: state.compare >= 0,
      scope: state.district,
      district: scope ? table.entryOf(scope) : null,
      area: chosen,
    });
  }

  /** What is known of an area (by index) on the day shown, with what the other view and day say differently. */
  function about(index) {
    const area = current().areas[index];
    const { view, layer, day } = state;
    const found = levels.about(view, layer, area.code, day);
    const other = differing.includes(index) ? levels.about(otherView(view), layer, area.code, day).level : 0;
    const compared = state.compare < 0 ? 0 : levels.about(view, layer, area.code, state.compare).level;
    const recognised = zones?.has(area.code, day) ?? false;
    const name = current().fullName(area);
    return { ...found, code: area.code, name, days: day - found.since + 1, other, compared, recognised };
  }

  function sentence(index) {
    const { name, level, provisional, decided, unapproved, days, other, compared, recognised } = about(index);
    const { zone } = levelWords(level);
    let said = say("area_no_data", { name, zone });
    if (level) said = say(provisional ? "area_provisional" : "area_level", { name, zone, days: sayDays(days) });
    if (recognised) said = say("also_recognised", { sentence: said });
    if (decided) said = say("also_decided", { sentence: said });
    if (unapproved) said = say("also_unapproved", { sentence: said });
    if (other) said = say(`also_${otherView(state.view)}`, { sentence: said, zone: levelWords(other).zone });
    if (!compared) return said;
    const day = sayDate(levels.isoDay(state.compare));
    return say("also_on_day", { sentence: said, day, zone: levelWords(compared).zone });
  }

  function choose(code, { look }) {
    const index = indexOf(code);
    state.area = index < 0 ? "" : code;
    const up = table.entryOf(state.area)?.up;
    if (state.district && up && up !== state.district) {
      state.district = up;
      table.scope(up);
      main.sheets.setScope(layers.district.areas[layers.district.indexOf.get(up)].path);
    }
    main.sheets.setMarks({ chosen: index });
    second?.sheets.setMarks({ chosen: index });
    showChosen();
    rested();
    table.mark(state.area);
    if (index < 0) return;
    spoken.textContent = sentence(index);
    if (look) main.show(index);
  }

  function showChosen() {
    const index = state.area ? indexOf(state.area) : -1;
    if (index < 0) {
      showCard(null);
      return;
    }
    const area = about(index);
    const { name, parent, hamlets } = table.entryOf(area.code) ?? { name: area.name, parent: "" };
    const notes = area.recognised ? [say("recognised")] : [];
    if (area.decided) notes.push(say("decided"));
    if (area.unapproved) notes.push(say("unapproved"));
    if (area.other) notes.push(say(`other_${otherView(state.view)}`, { level: levelWords(area.other).name }));
    if (area.compared) {
      const day = say("compared_head", { day: sayDate(levels.isoDay(state.compare)) });
      notes.push(`${day}: ${levelWords(area.compared).name}`);
    }
    showCard({
      ...area,
      name,
      parent,
      hamlets,
      notes,
      target: targets.get(area.code) ?? "",
      district: state.layer === "district",
      since: levels.isoDay(area.since),
      day: levels.isoDay(state.day),
    });
  }

  function useLayer(name) {
    state.layer = name;
    main.point(-1);
    if (indexOf(state.area) < 0) state.area = "";
    if (name === "district") state.district = "";
    redraw();
  }

  async function useView(name) {
    state.view = name;
    if (!levels.has(name)) await otherLoaded;
    redraw();
  }

  /** After a change of what is drawn, not only of the day. */
  function redraw() {
    for (const map of second ? [main, second] : [main]) drawLayer(map);
    table.use(state.layer);
    table.scope(state.district);
    showDay();
    if (second) showSecond();
    choose(state.area, { look: false });
  }

  /** Look at a district and list its communes; "" for the whole province. */
  function go(code) {
    state.layer = "commune";
    state.district = code;
    if (!code || table.entryOf(state.area)?.up !== code) state.area = "";
    redraw();
    lookAtScope();
  }

  function compare(on) {
    const week = Math.max(0, state.day - 7);
    state.compare = !on ? -1 : week < state.day ? week : levels.days - 1;
    if (on) openSecond();
    else {
      one("[data-compared-map]").hidden = one("[data-compared-timeline]").hidden = true;
      one("[data-pair]").removeAttribute("data-comparing");
      resized();
    }
    showChosen();
    rested();
  }

  function openSecond() {
    one("[data-compared-map]").hidden = one("[data-compared-timeline]").hidden = false;
    one("[data-pair]").setAttribute("data-comparing", "");
    if (!second) {
      second = drawMap(one("[data-compared-map]"), topology, theme, {
        pointedAt: (index) => main.sheets.setMarks({ pointed: index }),
        clicked: (index) => choose(index < 0 ? "" : current().areas[index].code, { look: false }),
        sentence,
        follows: true,
      });
      moveTogether(main, second);
    }
    drawLayer(second);
    second.sheets.setMarks({ chosen: indexOf(state.area) });
    resized();
    showSecond();
  }

  function showSecond() {
    if (state.compare < 0) return;
    paint(second, state.compare);
    const day = sayDate(levels.isoDay(state.compare));
    one("[data-compared-shown]").textContent = day;
    second.frame.setAttribute("aria-label", say("compared_map", { day }));
    secondTimeline.show(state.compare, say("slider_text", { day }));
  }

  function setMode(name) {
    page.dataset.mode = name;
    if (name) document.documentElement.dataset.mode = name;
    else delete document.documentElement.dataset.mode;
    resized();
    rested();
    one(name ? "[data-exit-mode]" : "[data-enter-mode]").focus();
  }

  function resized() {
    main.resized();
    if (state.compare >= 0) second?.resized();
    if (state.district) {
      main.fit();
      lookAtScope();
    } else main.fit();
    if (state.compare >= 0) second?.map.setView(main.map.getCenter(), main.map.getZoom(), { animate: false });
  }
}
