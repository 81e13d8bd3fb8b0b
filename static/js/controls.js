/* The choices above the map: layer, view, second day, place, projector. They only say what is wanted. */

const pressed = (element, on) => {
  if (on) element.setAttribute("aria-current", "true");
  else element.removeAttribute("aria-current");
};

/** Let a link do something here instead of loading its address, unless a new window is wanted. */
function instead(link, act) {
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    act(link);
  });
}

/**
 * Wire the choices under `root`: `useLayer(name)`, `useView(name)`, `compare(on)`, `go(district's code, "" for
 * the province)`, `setMode(name)`. Returns `show({layer, view, comparing, scope, district, area})`: the code
 * of the district looked at, and `{code, name}` or null of what stands in the path.
 */
export function wireControls(root, { useLayer, useView, compare, go, setMode }) {
  const one = (selector) => root.querySelector(selector);
  const layers = [...root.querySelectorAll("[data-use-layer]")];
  const views = [...root.querySelectorAll("[data-use-view]")];
  const toggle = one("[data-compare-toggle]");
  const select = one("[data-use-district]");
  const pathDistrict = one("[data-path-district]");
  const pathArea = one("[data-path-area]");
  const files = one("[data-files]");
  let comparing = false;

  for (const link of layers) instead(link, () => useLayer(link.dataset.useLayer));
  for (const link of views) instead(link, () => useView(link.dataset.useView));
  for (const link of root.querySelectorAll("[data-go]")) instead(link, () => go(link.dataset.go));
  instead(toggle, () => compare(!comparing));
  select.addEventListener("change", () => go(select.value));
  instead(one("[data-enter-mode]"), () => setMode("projector"));
  instead(one("[data-exit-mode]"), () => setMode(""));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented) return;
    if (files.open) {
      files.open = false;
      files.querySelector("summary").focus();
    } else if (root.dataset.mode) setMode("");
  });
  document.addEventListener("click", (event) => {
    if (files.open && !files.contains(event.target)) files.open = false;
  });

  return function show({ layer, view, comparing: on, scope, district, area }) {
    comparing = on;
    select.value = scope;
    for (const link of layers) pressed(link, link.dataset.useLayer === layer);
    for (const link of views) pressed(link, link.dataset.useView === view);
    toggle.textContent = on ? toggle.dataset.on : toggle.dataset.off;
    pathDistrict.hidden = !district;
    if (district) {
      const link = pathDistrict.querySelector("a");
      link.textContent = district.name;
      link.dataset.go = district.code;
    }
    pathArea.hidden = !area;
    if (area) pathArea.querySelector("span").textContent = area.name;
  };
}
