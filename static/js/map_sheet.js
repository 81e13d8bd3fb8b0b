/* One drawn map: Leaflet with the areas painted on it, its tooltip, and how far it may be moved. */

import { AreaLayer } from "./area_layer.js";
import { PLANE_ZOOM } from "./topology.js";

const L = window.L;
const KEYS = ["no-data", "new-normal", "elevated", "high", "very-high"];

/** The colours and letters of the page's style, as AreaLayer wants them. `letters` by level. */
export function readTheme(letters) {
  const style = getComputedStyle(document.documentElement);
  const token = (name) => style.getPropertyValue(name).trim();
  return {
    colours: KEYS.map((key) => token(`--level-${key}`)),
    inks: KEYS.map((key) => token(key === "very-high" ? "--on-level-very-high" : "--on-level")),
    letters,
    ink: token("--ink"),
    paper: token("--surface"),
    focus: token("--focus"),
    font: token("--font"),
  };
}

/**
 * The borders of a layer, from thin to thick: light between communes, so that equal colours keep their
 * shapes apart without a net over the map, dark between districts and around the province.
 */
export function bordersOf(topology, layer, theme) {
  const { commune, district, province } = topology.layers;
  const radii = commune.areas.map((area) => area.radius).sort((one, other) => one - other);
  // A city's many small wards would make every line thin: its larger communes are what the eye goes by.
  const usual = radii[Math.floor(radii.length * 0.75)] ?? 0;
  const within = (zoom, share, least, most) =>
    Math.max(least, Math.min(most, usual * 2 ** (zoom - PLANE_ZOOM) * share));
  const lines = [
    { mesh: district.mesh, width: (zoom) => within(zoom, 0.14, 1.2, 2.2) },
    { mesh: province.mesh, width: (zoom) => within(zoom, 0.18, 1.6, 2.8) },
  ];
  if (layer === "commune") {
    lines.unshift({ mesh: commune.mesh, width: (zoom) => within(zoom, 0.09, 0.4, 1.4), colour: theme.paper });
  }
  return lines;
}

/**
 * Draw a map in `root`'s `[data-canvas]` element. `pointedAt(index)` is told which area lies under the
 * pointer (-1: none), `clicked(index)` which was clicked; `sentence(index)` is the tooltip's text. A map that
 * `follows` another has no bounds of its own.
 */
export function drawMap(root, topology, theme, { pointedAt, clicked, sentence, follows = false }) {
  const frame = root.querySelector("[data-canvas]");
  const tooltip = root.querySelector("[data-tooltip]");
  const map = L.map(frame, {
    attributionControl: false,
    zoomControl: false,
    keyboard: false,
    scrollWheelZoom: false,
    zoomSnap: 0.25,
    zoomDelta: 1,
    tapHold: false,
  });
  const sheets = new AreaLayer(topology, theme);
  const [west, south, east, north] = topology.bbox;
  const bounds = L.latLngBounds([south, west], [north, east]);
  let home = 0;
  let pointed = -1;

  /** Fit a place into the map, below the day where that is written on it. */
  function look(where) {
    const written = root.querySelector("[data-map-day]")?.offsetHeight ?? 0;
    const top = written ? written + 16 : 12;
    map.fitBounds(where, { paddingTopLeft: [12, top], paddingBottomRight: [12, 12], animate: false });
  }

  function fit() {
    map.setMinZoom(0);
    look(bounds);
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

  function point(index) {
    if (index < 0) tooltip.hidden = true;
    if (index === pointed) return;
    pointed = index;
    sheets.setMarks({ pointed: index });
    if (index >= 0) tooltip.textContent = sentence(index);
  }

  const place = (x, y) =>
    map.unproject(L.point(x + topology.origin[0], y + topology.origin[1]), PLANE_ZOOM);

  fit();
  if (!follows) map.setMaxBounds(bounds.pad(0.5));
  map.addLayer(sheets);
  if (frame.dataset.tileUrl) {
    // A background from another server, where the operator has set one; the areas let it shine through.
    frame.classList.add("map--tiled");
    map.addControl(L.control.attribution({ prefix: false }));
    map.addLayer(L.tileLayer(frame.dataset.tileUrl, { attribution: frame.dataset.tileAttribution }));
  }

  map.on("zoomend", allowDrag);
  map.on("mousemove", (event) => {
    point(sheets.areaAt(event.latlng));
    pointedAt(pointed);
    if (pointed < 0) return;
    tooltip.hidden = false;
    const { x, y } = event.containerPoint;
    const left = Math.min(x + 14, frame.clientWidth - tooltip.offsetWidth - 4);
    const top = y + 18 + tooltip.offsetHeight > frame.clientHeight ? y - tooltip.offsetHeight - 10 : y + 18;
    tooltip.style.transform = `translate(${Math.max(0, left)}px, ${Math.max(0, top)}px)`;
  });
  map.on("mouseout", () => {
    point(-1);
    pointedAt(-1);
  });
  map.on("click", (event) => clicked(sheets.areaAt(event.latlng)));

  return {
    frame,
    map,
    sheets,
    fit,
    point,
    get pointed() {
      return pointed;
    },
    hideTooltip: () => (tooltip.hidden = true),
    renewTooltip() {
      if (pointed >= 0 && !tooltip.hidden) tooltip.textContent = sentence(pointed);
    },
    /** Look at a box of the plane: `[left, top, right, bottom]`. */
    lookAt: ([left, top, right, bottom]) => look(L.latLngBounds(place(left, bottom), place(right, top))),
    /** Bring an area into view, if it is not. */
    show(index) {
      const spot = sheets.labelOf(index);
      if (!map.getBounds().pad(-0.1).contains(spot)) map.panTo(spot);
    },
    nearestToCentre() {
      const centre = map.getCenter();
      const distances = sheets.areas.map((_, index) => map.distance(centre, sheets.labelOf(index)));
      return distances.indexOf(Math.min(...distances));
    },
    resized: () => map.stop().invalidateSize({ animate: false }),
  };
}

/** Let two maps always show the same part. */
export function moveTogether(one, other) {
  let leading = null;
  const follow = (leader, follower) => () => {
    if (leading && leading !== leader) return;
    leading = leader;
    follower.map.setView(leader.map.getCenter(), leader.map.getZoom(), { animate: false });
    leading = null;
  };
  one.map.on("move zoom", follow(one, other));
  other.map.on("move zoom", follow(other, one));
}
