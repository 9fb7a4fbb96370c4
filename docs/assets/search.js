// What the theme's search box lacks: Ctrl+K or Cmd+K, a hint at it, words for screen readers, and an index that is on its
// way before the first key. Without this file the search still works.

const box = document.querySelector(".md-search");
const input = /** @type {HTMLInputElement} */ (box.querySelector(".md-search__input"));
const mac = /Mac|iPhone|iPad/.test(navigator.platform);

input.setAttribute("aria-keyshortcuts", "/ Control+K Meta+K");
const hint = document.createElement("kbd");
hint.className = "search-key";
hint.setAttribute("aria-hidden", "true");
hint.textContent = mac ? "⌘ K" : "Ctrl K";
input.after(hint);

document.addEventListener("keydown", (event) => {
  if (event.key?.toLowerCase() !== "k" || event.ctrlKey === event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  input.focus();
  input.select();
});

// The worker fetches the same address, and has it from the browser's cache then.
const { search_index: index } = JSON.parse(document.getElementById("__config").textContent);
input.addEventListener(
  "focus",
  () => {
    if (index) fetch(new URL(index, location.href)).catch(() => undefined);
  },
  { once: true },
);

// The theme counts the results in this line. A result with a score of 0 is advice, and nothing that was found.
const count = box.querySelector(".md-search-result__meta");
const results = box.querySelector(".md-search-result__list");
count.setAttribute("role", "status");
const NOTHING = "Nothing found. These pages may help:";
const ALL = "20 matching documents"; // live/search/rank.js gives no more, so that this is no count
function nameResults() {
  const score = results.querySelector("[data-md-score]")?.dataset.mdScore;
  if (score === "0.00" && count.textContent !== NOTHING) count.textContent = NOTHING;
  if (count.textContent === ALL) count.textContent = "The 20 best matches";
}
new MutationObserver(nameResults).observe(box.querySelector(".md-search-result"), { childList: true, subtree: true });
