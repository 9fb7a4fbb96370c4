/**
 * What a reader can press beside Run, where it stands: Replay at each exchange of a transcript, "Compare with app.py"
 * and "Fix this app"
 * on a wrong app, and the zip of an app whose page comes without one.
 */
import { addRunner } from "./buttons.js";
import { updated } from "./updated.js";

const apps = [...document.querySelectorAll(".example[data-app]")];
const runnable = apps.filter((example) => !("local" in example.dataset));

for (const list of document.querySelectorAll("ol.exchanges")) {
  const example = runnable.find(({ dataset: { folder, app } }) => `${folder}/${app}` === list.dataset.example);
  if (example) addReplays(list, example);
}
for (const example of apps) {
  if (example.querySelector(".predict")) {
    import("./predict/predict.js").then(({ ask }) => ask(example)).catch(() => updated());
  }
  if (example.querySelector(".recorded")) {
    import("./recorded/recorded.js").then(({ revive }) => revive(example)).catch(() => updated());
  }
  const right = "local" in example.dataset || "single" in example.dataset ? null : rightOf(example);
  if (right) addCompare(example, right);
  if ("fix" in example.dataset) addFix(example);
  if (!example.querySelector("a[download]")) {
    import("./share/share.js").then(({ addZip }) => addZip(example)).catch(() => updated());
  }
}

/** A Replay button for each exchange: "Replay GET / (2)" is the second GET / of this transcript. */
function addReplays(list, example) {
  const seen = {};
  const requests = [...list.querySelectorAll(".exchange-request")];
  const names = requests.map((request) => request.firstChild.textContent);
  const start = async () => void (await import("./replay/play.js")).play(example, list);
  for (const [index, request] of requests.entries()) {
    const item = request.parentNode;
    const name = names[index];
    seen[name] = (seen[name] ?? 0) + 1;
    item.dataset.name = names.indexOf(name) === names.lastIndexOf(name) ? name : `${name} (${seen[name]})`;
    const button = addRunner(
      request,
      "Replay",
      example,
      async () => void (await import("./replay/replay.js")).replay(example, item),
    );
    button.classList.add("exchange-replay");
    button.ariaLabel = `Replay ${item.dataset.name}`;
    if (index) continue;
    const play = addRunner(request, "Play", example, start);
    play.classList.add("exchange-replay", "exchange-play");
    play.ariaLabel = `Play the transcript of ${example.dataset.app}`;
  }
}

/** The app to compare a wrong one with: fixed_key.py for wrong_key.py, else app.py; or null. */
function rightOf(wrong) {
  if (!wrong.matches(".example-wrong")) return null;
  const right = runnable.filter((one) => one.dataset.folder === wrong.dataset.folder && !one.matches(".example-wrong"));
  const named = (name) => right.find((one) => one.dataset.app === name);
  return named(wrong.dataset.app.replace("wrong", "fixed")) ?? named("app.py") ?? null;
}

function addFix(wrong) {
  const bar = wrong.querySelector(".example-actions");
  const fix = async () => (await import("./fix/fix.js")).open(wrong);
  const button = addRunner(bar, "Fix this app", wrong, fix);
  button.classList.add("live-fix");
  bar.querySelector(".live-share, .live-edit").before(button);
}

function addCompare(wrong, right) {
  const compare = async () => void (await import("./compare/beside.js")).compare(wrong, right);
  const bar = wrong.querySelector(".example-actions");
  const button = addRunner(bar, `Compare with ${right.dataset.app}`, wrong, compare);
  bar.querySelector(".live-share, .live-edit").before(button);
}
