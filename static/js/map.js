/* The map page: one state (layer, day, area), shown by the map, the totals, the card, the table and the address. */

import { AreaLayer } from "./area_layer.js";
import { wireCard, wireTotals } from "./card.js";
import { areaTowards, isDirection } from "./directions.js";
import { decodeFrames, isProvisional, levelOf } from "./frames.js";
import { wireTable } from "./twin_table.js";
import { wireTimeline } from "./timeline.js";
import { decodeTopology } from "./topology.js";
import { levelWords, say, sayDate, sayDays } from "./words.js";

const L = window.L;
const page = document.querySelector("[data-risk-map]");
const one = (selector) => page.querySelector(selector);

const nextFrame = () => new Promise((go) => requestAnimationFrame(() => setTimeout(go)));

async function load(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${answer.status} ${address}`);
  return answer.json();
}

try {
  const [topology, frames] = await Promise.all([
    load(page.dataset.boundariesUrl).then(decodeTopology),
    load(page.dataset.framesUrl).then(decodeFrames),
  ]);
  await start(topology, frames);
} catch (trouble) {
  one("[data-map-trouble]").hidden = false;
  throw trouble;
}

async function start(topology, frames) {
  if (frames.dayOf(page.dataset.day) < 0) throw new Error(`no frame of ${page.dataset.day}`);
  const state = { layer: page.dataset.layer, day: frames.dayOf(page.dataset.day), area: page.dataset.area || "" };
  const style = getComputedStyle(document.documentElement);
  const token = (name) => style.getPropertyValue(name).trim();
  const keys = ["no-data", "new-normal", "elevated", "high", "very-high"];
  const frame = one("[data-map]");
  const map = L.map(frame, {
    attributionControl: false,
    zoomControl: false,
    keyboard: false,
    scrollWheelZoom: false,
    zoomSnap: 0.25,
    zoomDelta: 1,
    tapHold: false,
  });
  const sheets = new AreaLayer(topology, {
    colours: keys.map((key) => token(`--level-${key}`)),
    inks: keys.map((key) => token(key === "very-high" ? "--on-level-very-high" : "--on-level")),
    letters: keys.map((_, level) => levelWords(level).letter),
    ink: token("--ink"),
    paper: token("--surface"),
    focus: token("--focus"),
    font: token("--font"),
  });
  const tooltip = one("[data-tooltip]");
  const spoken = one("[data-spoken]");
  const layers = {};
  for (const name of ["commune", "district"]) layers[name] = joinLayer(topology.layers[name], frames.layers[name]);
  const widths = {
    commune: (zoom) => Math.max(0.3, Math.min(1, (zoom - 8.5) * 0.2)),
    district: (zoom) => Math.max(1.1, Math.min(2.8, (zoom - 7) * 0.5)),
    province: (zoom) => Math.max(1.5, Math.min(3, (zoom - 6.5) * 0.5)),
  };
  let pointed = -1;
  let home = 0;

  const [west, south, east, north] = topology.bbox;
  const bounds = L.latLngBounds([south, west], [north, east]);

  drawLayer();
  fit();
  map.setMaxBounds(bounds.pad(0.5));
  map.addLayer(sheets);
  if (frame.dataset.tileUrl) addTiles(frame.dataset);
  paintDay();
  performance.mark("map-coloured");
  await nextFrame();

  const table = wireTable(one("[data-table]"), { chosen: (code) => choose(code, { look: true }) });
  const showCard = wireCard(page, {
    closed: () => {
      choose("", { look: false });
      frame.focus();
    },
  });
  const showTotals = wireTotals(page);
  const shownDays = page.querySelectorAll("[data-day-shown]");
  const timeline = wireTimeline(one("[data-timeline]"), frames, {
    wanted: (day) => {
      state.day = day;
      showDay();
    },
    rested,
    playWord: say("play"),
    pauseWord: say("pause"),
  });

  wireMap();
  for (const element of page.querySelectorAll("[data-needs-script]")) element.hidden = false;
  for (const element of page.querySelectorAll("[data-without-script]")) element.hidden = true;
  table.use(state.layer);
  showDay();
  map.invalidateSize({ pan: false });
  rested();
  page.dataset.ready = "";
  if (indexOf(state.area) >= 0) choose(state.area, { look: false });

  /** The areas of a layer that have levels, each with its row of the frames. */
  function joinLayer({ areas, mesh }, levels) {
    const rows = areas.map(({ code }) => levels.indexOf.get(code) ?? -1);
    const times = new Map();
    for (const { name } of areas) times.set(name, (times.get(name) ?? 0) + 1);
    return {
      areas,
      mesh,
      rows,
      /** A name that occurs more than once is said with where it lies. */
      fullName: ({ code, name }) => (times.get(name) > 1 ? `${name}, ${table.rowOf(code)?.parent}` : name),
      levels,
      values: new Uint8Array(areas.length),
      indexOf: new Map(areas.map(({ code }, index) => [code, index])),
    };
  }

  function current() {
    return layers[state.layer];
  }

  function indexOf(code) {
    return current().indexOf.get(code) ?? -1;
  }

  function drawLayer() {
    const lines = [{ mesh: layers.district.mesh, width: widths.district }];
    if (state.layer === "commune") lines.unshift({ mesh: layers.commune.mesh, width: widths.commune });
    lines.push({ mesh: topology.layers.province.mesh, width: widths.province });
    sheets.setAreas(current().areas, lines);
  }

  function useLayer(name) {
    state.layer = name;
    pointed = -1;
    if (indexOf(state.area) < 0) state.area = "";
    drawLayer();
    for (const button of page.querySelectorAll("[data-use-layer]")) {
      if (button.dataset.useLayer === name) button.setAttribute("aria-current", "true");
      else button.removeAttribute("aria-current");
    }
    table.use(name);
    showDay();
  }

  function paintDay() {
    const { levels, rows, values } = current();
    for (let i = 0; i < rows.length; i++) values[i] = rows[i] < 0 ? 0 : levels.valueOn(rows[i], state.day);
    sheets.setValues(values);
  }

  /** One step of the slider: only what a glance sees. The table, the address and the voice follow at rest. */
  function showDay() {
    paintDay();
    const { levels } = current();
    const day = sayDate(frames.isoDay(state.day));
    showTotals(levels.totalsOn(state.day), state.day ? levels.totalsOn(state.day - 1) : null);
    for (const element of shownDays) element.textContent = day;
    timeline.show(state.day, say("slider_text", { day }));
    showChosen();
    if (pointed >= 0 && !tooltip.hidden) fillTooltip();
  }

  function rested() {
    const { levels, rows, indexOf: indexes } = current();
    sheets.refresh();
    table.show((code) => {
      const row = rows[indexes.get(code)] ?? -1;
      if (row < 0) return { level: 0, provisional: false, since: frames.isoDay(0), always: true };
      const value = levels.valueOn(row, state.day);
      const since = levels.sinceDay(row, state.day);
      return {
        level: levelOf(value),
        provisional: isProvisional(value),
        since: frames.isoDay(since),
        always: since === 0,
      };
    });
    const iso = frames.isoDay(state.day);
    table.setDay(iso);
    const address = new URL(window.location);
    address.search = new URLSearchParams({
      province: page.dataset.province,
      day: iso,
      layer: state.layer,
      ...(state.area && { area: state.area }),
    });
    window.history.replaceState(null, "", address);
    for (const field of document.querySelectorAll("[data-here]")) field.value = address.pathname + address.search;
  }

  /** What is known of an area (by index) on the day shown. */
  function about(index) {
    const { areas, rows, levels, fullName } = current();
    const { code } = areas[index];
    const name = fullName(areas[index]);
    const row = rows[index];
    const value = row < 0 ? 0 : levels.valueOn(row, state.day);
    const since = row < 0 ? state.day : levels.sinceDay(row, state.day);
    return { code, name, level: levelOf(value), provisional: isProvisional(value), since, days: state.day - since + 1 };
  }

  function sentence(index) {
    const { name, level, provisional, days } = about(index);
    const { zone } = levelWords(level);
    if (!level) return say("area_no_data", { name, zone });
    return say(provisional ? "area_provisional" : "area_level", { name, zone, days: sayDays(days) });
  }

  function choose(code, { look }) {
    const index = indexOf(code);
    state.area = index < 0 ? "" : code;
    sheets.setMarks({ chosen: index });
    showChosen();
    table.mark(state.area);
    if (index >= 0) {
      spoken.textContent = sentence(index);
      const place = sheets.labelOf(index);
      if (look && !map.getBounds().pad(-0.1).contains(place)) map.panTo(place);
    }
    rested();
  }

  function showChosen() {
    const index = state.area ? indexOf(state.area) : -1;
    if (index < 0) {
      showCard(null);
      return;
    }
    const area = about(index);
    const { name, parent } = table.rowOf(area.code) ?? { name: area.name, parent: "" };
    showCard({ ...area, name, parent, since: frames.isoDay(area.since), day: frames.isoDay(state.day) });
  }

  /** A background from another server, where the operator has set one; the areas let it shine through. */
  function addTiles({ tileUrl, tileAttribution }) {
    frame.classList.add("map--tiled");
    map.addControl(L.control.attribution({ prefix: false }));
    map.addLayer(L.tileLayer(tileUrl, { attribution: tileAttribution }));
  }

  function fit() {
    map.fitBounds(bounds, { padding: [12, 12], animate: false });
    map.setMinZoom(map.getZoom() - 0.5);
    home = map.getZoom();
    allowDrag();
  }

  /** On a touch screen one finger scrolls the page, until the map is zoomed in. */
  function allowDrag() {
    const free = !L.Browser.mobile || map.getZoom() > home;
    if (free) map.dragging.enable();
    else map.dragging.disable();
  }

  function wireMap() {
    map.on("zoomend", allowDrag);
    map.on("mousemove", (event) => {
      point(sheets.areaAt(event.latlng));
      if (pointed < 0) return;
      tooltip.hidden = false;
      const { x, y } = event.containerPoint;
      const left = Math.min(x + 14, frame.clientWidth - tooltip.offsetWidth - 4);
      const top = y + 18 + tooltip.offsetHeight > frame.clientHeight ? y - tooltip.offsetHeight - 10 : y + 18;
      tooltip.style.transform = `translate(${left}px, ${top}px)`;
    });
    map.on("mouseout", () => point(-1));
    map.on("click", (event) => {
      const index = sheets.areaAt(event.latlng);
      choose(index < 0 ? "" : current().areas[index].code, { look: false });
    });
    frame.addEventListener("keydown", onKey);
    frame.addEventListener("focus", () => {
      map.scrollWheelZoom.enable();
      if (!frame.matches(":focus-visible")) return;
      point(indexOf(state.area) >= 0 ? indexOf(state.area) : nearestToCentre());
      spoken.textContent = sentence(pointed);
    });
    frame.addEventListener("blur", () => {
      map.scrollWheelZoom.disable();
      point(-1);
    });
    one("[data-zoom-in]").addEventListener("click", () => map.zoomIn());
    one("[data-zoom-out]").addEventListener("click", () => map.zoomOut());
    one("[data-fit]").addEventListener("click", fit);
    for (const link of page.querySelectorAll("[data-use-layer]")) {
      link.addEventListener("click", (event) => {
        event.preventDefault();
        useLayer(link.dataset.useLayer);
        rested();
      });
    }
  }

  function point(index) {
    if (index < 0) tooltip.hidden = true;
    if (index === pointed) return;
    pointed = index;
    sheets.setMarks({ pointed: index });
    if (index >= 0) fillTooltip();
  }

  function fillTooltip() {
    tooltip.textContent = sentence(pointed);
  }

  function nearestToCentre() {
    const centre = map.getCenter();
    const distances = current().areas.map((_, index) => map.distance(centre, sheets.labelOf(index)));
    return distances.indexOf(Math.min(...distances));
  }

  function onKey(event) {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (isDirection(event.key)) {
      const from = pointed >= 0 ? pointed : nearestToCentre();
      const to = pointed >= 0 ? areaTowards(current().areas, from, event.key) : from;
      if (to >= 0) {
        point(to);
        tooltip.hidden = true;
        const place = sheets.labelOf(to);
        if (!map.getBounds().pad(-0.1).contains(place)) map.panTo(place);
      }
      spoken.textContent = to < 0 ? say("edge") : sentence(to);
    } else if (event.key === "Enter" || event.key === " ") {
      if (pointed >= 0) choose(current().areas[pointed].code, { look: true });
    } else if (event.key === "Escape") {
      if (state.area) choose("", { look: false });
      else frame.blur();
    } else if (event.key === "+" || event.key === "=") map.zoomIn();
    else if (event.key === "-") map.zoomOut();
    else if (event.key === "0") fit();
    else return;
    event.preventDefault();
  }
}
