/* How long there is until a deadline, by the server's clock: the browser's own only measures what passed since. */
const two = (number) => String(number).padStart(2, "0");

for (const shown of document.querySelectorAll("[data-countdown]")) {
  const { now, until, left, day, over } = shown.dataset;
  const began = performance.now();
  let timer = 0;
  const tick = () => {
    const seconds = Math.ceil((Number(until) - Number(now) - (performance.now() - began)) / 1000);
    if (seconds <= 0) {
      clearInterval(timer);
      shown.textContent = over;
      shown.closest(".countdown")?.classList.add("countdown--over");
      return;
    }
    const days = Math.floor(seconds / 86400);
    const clock = `${two(Math.floor(seconds / 3600) % 24)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
    shown.textContent = days ? `${left} ${days} ${day} ${clock}` : `${left} ${clock}`;
  };
  tick();
  timer = setInterval(tick, 1000);
}
