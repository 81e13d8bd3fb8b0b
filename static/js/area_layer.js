/* A Leaflet layer that paints areas on canvas: one path an area, only what changed on a step.

   Four sheets lie over one another: fills (colour, hatch, letter, the bar under it where it was decided), lines (borders), dots (outlines of
   recognised green zones, areas that differ from something said beside the map), marks (outlines of the pointed and the chosen area). A step of the
   slider touches only the first, and the dots where they change; a pointer only the last. */

import { isDecided, isProvisional, levelOf } from "./frames.js";
import { PLANE_ZOOM } from "./topology.js";

const MARGIN = 0.2; // of the view, painted beyond each edge, so that a drag shows no blank
const GRID = 40; // cells a side for finding the area under a point
const SMALLEST_LETTER_RADIUS = 8; // px of free space around the label point
const SMALLEST_NAME_RADIUS = 30;
const DOT_RADIUS = 4; // px
const UNDERLINE = 2.5; // px thick
const ZONE_BAND = 5; // px, light, inside the border of a recognised zone
const ZONE_LINE = 3; // px, dark dashes on it
const ZONE_DASH = [7, 4]; // px

const L = window.L;

export const AreaLayer = L.Layer.extend({
  /** `theme`: `{colours, inks, letters, ink, paper, focus, font}`; the first three by level number. */
  initialize(plane, theme) {
    this.plane = plane;
    this.theme = theme;
    this.areas = [];
    this.values = new Uint8Array();
    this.pointed = -1;
    this.chosen = -1;
    this.dots = [];
    this.zones = [];
    this.scope = null;
  },

  /** Show another layer of areas; `lines` are `{mesh, width(zoom), colour}` from thin to thick. */
  setAreas(areas, lines) {
    this.areas = areas;
    this.lines = lines;
    this.values = new Uint8Array(areas.length).fill(255);
    this.pointed = this.chosen = -1;
    this.dots = [];
    this.zones = [];
    this.grid = null;
    if (this._map) this.redraw();
  },

  /** Paint the areas whose value differs from what is shown. `values`: a byte an area, as in frames.js. */
  setValues(values) {
    const changed = [];
    for (let i = 0; i < values.length; i++) if (values[i] !== this.values[i]) changed.push(i);
    this.values.set(values);
    if (this._map && changed.length) this._paintFills(changed);
  },

  /** Outline areas by index, -1 for none. */
  setMarks({ pointed = this.pointed, chosen = this.chosen }) {
    if (pointed === this.pointed && chosen === this.chosen) return;
    this.pointed = pointed;
    this.chosen = chosen;
    if (this._map) this._paintMarks();
  },

  /** Mark areas (by index) with a ringed dot, beside their letter. */
  setDots(indexes) {
    if (same(indexes, this.dots)) return;
    this.dots = indexes;
    if (this._map) this._paintDots();
  },

  /** Outline recognised green zones (by index) inside their borders, by dashes. */
  setZones(indexes) {
    if (same(indexes, this.zones)) return;
    this.zones = indexes;
    if (this._map) this._paintDots();
  },

  /** Outline a path of the plane, such as the district that is looked at; null for none. */
  setScope(path) {
    this.scope = path;
    if (this._map) this._paintMarks();
  },

  /** The index of the area at a Leaflet position, or -1. */
  areaAt(latlng) {
    const [x, y] = this._toPlane(this._map.project(latlng, PLANE_ZOOM));
    const column = Math.floor((x / this.plane.size[0]) * GRID);
    const row = Math.floor((y / this.plane.size[1]) * GRID);
    if (column < 0 || row < 0 || column >= GRID || row >= GRID) return -1;
    const context = this.sheets.marks;
    this.grid ??= buildGrid(this.areas, this.plane.size);
    context.save();
    context.resetTransform();
    const found = this.grid[row * GRID + column].find((index) =>
      context.isPointInPath(this.areas[index].path, x, y, "evenodd"),
    );
    context.restore();
    return found ?? -1;
  },

  /** Where an area's label lies, as a Leaflet position. */
  labelOf(index) {
    const { x, y } = this.areas[index];
    return this._map.unproject(L.point(x + this.plane.origin[0], y + this.plane.origin[1]), PLANE_ZOOM);
  },

  redraw() {
    this._place();
    this._paintLines();
    this._paintFills(null);
    this._paintDots();
    this._paintMarks();
  },

  /** Paint all fills anew: repainting single areas leaves a trace of the old colour on the outermost pixel. */
  refresh() {
    this._paintFills(null);
  },

  onAdd() {
    this.holder = L.DomUtil.create("div", "area-sheets");
    if (this._zoomAnimated) this.holder.classList.add("leaflet-zoom-animated");
    this.sheets = {};
    for (const name of ["fills", "lines", "dots", "marks"]) {
      this.sheets[name] = L.DomUtil.create("canvas", "", this.holder).getContext("2d");
    }
    this.getPane().appendChild(this.holder);
    this.redraw();
  },

  onRemove() {
    this.holder.remove();
  },

  getEvents() {
    const events = {
      viewreset: this.redraw,
      moveend: this.redraw,
      resize: this.redraw,
      zoom: this._onZoom,
      move: this._onMove,
    };
    if (this._zoomAnimated) events.zoomanim = (event) => this._scaleTo(event.center, event.zoom);
    return events;
  },

  _onZoom() {
    this._scaleTo(this._map.getCenter(), this._map.getZoom());
  },

  /** A long drag leaves what was painted; it is painted anew before its edge is seen. */
  _onMove() {
    if (this._map.getZoom() !== this.view.zoom) return;
    const size = this._map.getSize();
    const corner = this._map.containerPointToLayerPoint(size.multiplyBy(-MARGIN));
    const drift = corner.subtract(this.view.corner);
    if (Math.abs(drift.x) > size.x * MARGIN * 0.8 || Math.abs(drift.y) > size.y * MARGIN * 0.8) this.redraw();
  },

  /** While the map zooms, stretch what is painted; it is painted anew when the zoom ends. */
  _scaleTo(center, zoom) {
    const map = this._map;
    const scale = map.getZoomScale(zoom, this.view.zoom);
    const half = map.getSize().divideBy(2);
    const pane = L.DomUtil.getPosition(map.getPane("mapPane"));
    const newOrigin = map.project(center, zoom).subtract(half).add(pane);
    const corner = map.project(this.view.northWest, zoom).subtract(newOrigin);
    L.DomUtil.setTransform(this.holder, corner, scale);
  },

  _toPlane(point) {
    return [point.x - this.plane.origin[0], point.y - this.plane.origin[1]];
  },

  _place() {
    const map = this._map;
    const size = map.getSize();
    const corner = map.containerPointToLayerPoint(size.multiplyBy(-MARGIN)).round();
    const width = Math.ceil(size.x * (1 + 2 * MARGIN));
    const height = Math.ceil(size.y * (1 + 2 * MARGIN));
    const density = window.devicePixelRatio || 1;
    const zoom = map.getZoom();
    const scale = map.getZoomScale(zoom, PLANE_ZOOM);
    const pixelOrigin = map.getPixelOrigin();
    this.view = {
      corner,
      width,
      height,
      density,
      zoom,
      scale,
      northWest: map.layerPointToLatLng(corner),
      moveX: this.plane.origin[0] * scale - pixelOrigin.x - corner.x,
      moveY: this.plane.origin[1] * scale - pixelOrigin.y - corner.y,
    };
    L.DomUtil.setTransform(this.holder, corner, 1);
    for (const context of Object.values(this.sheets)) {
      const { canvas } = context;
      if (canvas.width !== Math.round(width * density) || canvas.height !== Math.round(height * density)) {
        canvas.width = Math.round(width * density);
        canvas.height = Math.round(height * density);
        canvas.style.width = `${width}px`;
        canvas.style.height = `${height}px`;
      }
    }
    this.hatch = makeHatch(this.sheets.fills, density, scale * density);
  },

  /** Canvas coordinates are those of the plane, or CSS pixels of the sheet. */
  _usePlane(context) {
    const { density, scale, moveX, moveY } = this.view;
    context.setTransform(scale * density, 0, 0, scale * density, moveX * density, moveY * density);
  },

  _usePixels(context) {
    context.setTransform(this.view.density, 0, 0, this.view.density, 0, 0);
  },

  _clear(context) {
    context.resetTransform();
    context.clearRect(0, 0, context.canvas.width, context.canvas.height);
  },

  /** `which`: indexes of the areas to paint over, null to start from nothing. */
  _paintFills(which) {
    const context = this.sheets.fills;
    const { colours } = this.theme;
    if (!which) this._clear(context);
    const indexes = which ?? this.areas.keys();
    const painted = [];
    this._usePlane(context);
    for (const index of indexes) {
      const value = this.values[index];
      if (value === 255 || !this._inView(this.areas[index])) continue;
      context.fillStyle = colours[levelOf(value)];
      context.fill(this.areas[index].path, "evenodd");
      if (isProvisional(value)) {
        context.fillStyle = this.hatch;
        context.fill(this.areas[index].path, "evenodd");
      }
      painted.push(index);
    }
    this._usePixels(context);
    this._paintLetters(context, painted);
  },

  _paintLetters(context, indexes) {
    const { scale, moveX, moveY } = this.view;
    const { letters, inks, colours, font } = this.theme;
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.lineJoin = "round";
    for (const index of indexes) {
      const area = this.areas[index];
      const radius = area.radius * scale;
      const value = this.values[index];
      const level = levelOf(value);
      const x = area.x * scale + moveX;
      let y = area.y * scale + moveY;
      if (radius < SMALLEST_LETTER_RADIUS) {
        if (isDecided(value)) underline(context, x, y - UNDERLINE, 2 * UNDERLINE, inks[level], colours[level]);
        continue;
      }
      const size = Math.min(18, Math.max(10, radius * 0.9));
      context.font = `500 12px ${font}`;
      const lines = radius < SMALLEST_NAME_RADIUS ? [] : nameLines(context, area.name, radius);
      if (lines.length) y -= lines.length > 1 ? 13 : 8;
      context.fillStyle = inks[level];
      context.strokeStyle = colours[level];
      context.lineWidth = 4;
      context.font = `700 ${size}px ${font}`;
      if (isProvisional(value)) context.strokeText(letters[level], x, y);
      context.fillText(letters[level], x, y);
      if (isDecided(value)) underline(context, x, y + size * 0.5, size, inks[level], colours[level]);
      if (!lines.length) continue;
      context.font = `500 12px ${font}`;
      lines.forEach((line, place) => {
        const below = y + size * 0.5 + 10 + place * 14;
        if (isProvisional(value)) context.strokeText(line, x, below);
        context.fillText(line, x, below);
      });
    }
  },

  _paintLines() {
    const context = this.sheets.lines;
    this._clear(context);
    this._usePlane(context);
    context.lineJoin = "round";
    for (const { mesh, width, colour = this.theme.ink } of this.lines ?? []) {
      context.strokeStyle = colour;
      context.lineWidth = width(this.view.zoom) / this.view.scale;
      context.stroke(mesh);
    }
  },

  _paintDots() {
    const context = this.sheets.dots;
    this._clear(context);
    for (const index of this.zones) if (this._inView(this.areas[index])) this._paintZone(context, this.areas[index]);
    this._usePixels(context);
    const { scale, moveX, moveY } = this.view;
    for (const index of this.dots) {
      const area = this.areas[index];
      if (!this._inView(area)) continue;
      const aside = Math.min(13, area.radius * scale * 0.5);
      const lettered = area.radius * scale >= SMALLEST_LETTER_RADIUS;
      const x = area.x * scale + moveX + (lettered ? aside : 0);
      const y = area.y * scale + moveY - (lettered ? aside : 0);
      context.beginPath();
      context.arc(x, y, DOT_RADIUS + 1.5, 0, 2 * Math.PI);
      context.fillStyle = this.theme.ink;
      context.fill();
      context.beginPath();
      context.arc(x, y, DOT_RADIUS, 0, 2 * Math.PI);
      context.fillStyle = this.theme.paper;
      context.fill();
      context.beginPath();
      context.arc(x, y, DOT_RADIUS - 2, 0, 2 * Math.PI);
      context.fillStyle = this.theme.ink;
      context.fill();
    }
  },

  _paintZone(context, { path, radius }) {
    const { scale } = this.view;
    const pixel = Math.max(0.4, Math.min(1, (radius * scale) / 16)) / scale; // finer in small areas
    context.save();
    this._usePlane(context);
    context.clip(path, "evenodd");
    for (const [colour, width, dash] of [[this.theme.paper, ZONE_BAND, []], [this.theme.ink, ZONE_LINE, ZONE_DASH]]) {
      context.strokeStyle = colour;
      context.lineWidth = 2 * width * pixel; // the outer half is clipped
      context.setLineDash(dash.map((length) => length * pixel));
      context.stroke(path);
    }
    context.restore();
  },

  _paintMarks() {
    const context = this.sheets.marks;
    this._clear(context);
    this._usePlane(context);
    context.lineJoin = "round";
    if (this.scope) {
      for (const [colour, width] of [[this.theme.paper, 6], [this.theme.focus, 3]]) {
        context.strokeStyle = colour;
        context.lineWidth = width / this.view.scale;
        context.stroke(this.scope);
      }
    }
    const outline = (index, colour, width) => {
      if (index < 0) return;
      context.strokeStyle = colour;
      context.lineWidth = width / this.view.scale;
      context.stroke(this.areas[index].path);
    };
    outline(this.chosen, this.theme.paper, 7);
    outline(this.chosen, this.theme.ink, 3.5);
    if (this.pointed === this.chosen) return;
    outline(this.pointed, this.theme.paper, 5);
    outline(this.pointed, this.theme.focus, 2.5);
  },

  _inView({ box }) {
    const { scale, moveX, moveY, width, height } = this.view;
    return (
      box[2] * scale + moveX > 0 &&
      box[3] * scale + moveY > 0 &&
      box[0] * scale + moveX < width &&
      box[1] * scale + moveY < height
    );
  },
});

const same = (one, other) => one.length === other.length && one.every((each, place) => each === other[place]);

/** The mark of a decided level: a bar as wide as the letter it stands under, seen on the hatch too. */
function underline(context, x, y, width, ink, colour) {
  context.fillStyle = colour;
  context.fillRect(x - width / 2 - 1, y - 1, width + 2, UNDERLINE + 2);
  context.fillStyle = ink;
  context.fillRect(x - width / 2, y, width, UNDERLINE);
}

/** A name on one line or on two that fit an area of that free radius; on none where it does not fit. */
function nameLines(context, name, radius) {
  const fits = (text, share) => context.measureText(text).width <= radius * share;
  if (fits(name, 1.8)) return [name];
  const spaces = [...name].flatMap((letter, at) => (letter === " " ? [at] : []));
  const nearMiddle = (one, other) => Math.abs(one - name.length / 2) - Math.abs(other - name.length / 2);
  const found = spaces
    .sort(nearMiddle)
    .map((at) => [name.slice(0, at), name.slice(at + 1)])
    .find(([upper, lower]) => fits(upper, 1.8) && fits(lower, 1.5));
  return found ?? [];
}

/** For each cell of the map, the areas whose box reaches into it. */
function buildGrid(areas, [width, height]) {
  const grid = Array.from({ length: GRID * GRID }, () => []);
  const cell = (value, extent) => Math.max(0, Math.min(GRID - 1, Math.floor((value / extent) * GRID)));
  areas.forEach(({ box }, index) => {
    for (let row = cell(box[1], height); row <= cell(box[3], height); row++) {
      for (let column = cell(box[0], width); column <= cell(box[2], width); column++) {
        grid[row * GRID + column].push(index);
      }
    }
  });
  return grid;
}

/** Slanted lines, dark beside light, so that they are seen on each of the colours. */
function makeHatch(context, density, planeToDevice) {
  const side = Math.round(8 * density);
  const tile = document.createElement("canvas");
  tile.width = tile.height = side;
  const pen = tile.getContext("2d");
  for (const [colour, shift] of [["rgb(0 0 0 / 40%)", 0], ["rgb(255 255 255 / 65%)", 1.2 * density]]) {
    pen.strokeStyle = colour;
    pen.lineWidth = 1.2 * density;
    pen.beginPath();
    for (let x = -2 * side; x <= 2 * side; x += side) {
      pen.moveTo(x + shift - side, 2 * side);
      pen.lineTo(x + shift + 2 * side, -side);
    }
    pen.stroke();
  }
  const pattern = context.createPattern(tile, "repeat");
  pattern.setTransform(new DOMMatrix().scale(1 / planeToDevice));
  return pattern;
}
