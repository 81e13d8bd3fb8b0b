// Rows of links that scroll sideways show where the reader is, not only how they begin.
for (const row of document.querySelectorAll("[data-scroll-to-current]")) {
  const current = row.querySelector("[aria-current]");
  if (!current || row.scrollWidth <= row.clientWidth) continue;
  const box = row.getBoundingClientRect();
  const here = current.getBoundingClientRect();
  row.scrollLeft += here.left - box.left - (box.width - here.width) / 2;
}
