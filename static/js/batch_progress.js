/* How far a batch of papers has come: asked every second while somebody looks; once it is printed, the page anew. */
const shown = document.querySelector("[data-batch]");
const EVERY = 1000;
const AFTER_TROUBLE = 5000;

const ask = async () => {
  let wait = EVERY;
  try {
    const answer = await fetch(shown.dataset.batch, { headers: { Accept: "application/json" }, redirect: "error" });
    if (!answer.ok) throw new Error(String(answer.status));
    const { printed, total, finished } = await answer.json();
    shown.querySelector("progress").value = printed;
    const words = shown.dataset.words.replace("{printed}", printed).replace("{total}", total);
    const said = shown.querySelector("[data-said]");
    if (said.textContent !== words) said.textContent = words;
    if (finished) {
      location.reload();
      return;
    }
  } catch {
    shown.querySelector("[data-said]").textContent = shown.dataset.away;
    wait = AFTER_TROUBLE;
  }
  setTimeout(ask, wait);
};

setTimeout(ask, EVERY);
