/**
 * The recorded first state of an app (extensions/recorded.py) comes alive: the first press on Reload shows the recorded
 * next state at once and fetches Python; then each press asks the app in this browser. Run goes on from there.
 */
import { addRunner } from "../buttons.js";

/**
 * Gives an example's recorded state its Reload.
 * @param {HTMLElement} example a `.example[data-app]` with a `.recorded`
 */
export function revive(example) {
  const box = example.querySelector(":scope > .recorded");
  const line = box.querySelector(".recorded-line > span");
  line.setAttribute("role", "status");
  let wanted = 1, // responses that the reader has asked for: the first one was there
    done = 0; // responses that the app has given

  const show = (text, session) => {
    box.querySelector(".recorded-page").textContent = text;
    box.querySelector(".recorded-cookie code").textContent = session;
  };

  const reload = addRunner(box, "Reload", example, async () => {
    wanted++;
    if (wanted === 2) {
      show(...JSON.parse(box.dataset.next));
      line.textContent = "This response was recorded, too. Python is still loading.";
    }
    const [{ panelOf }, { fetching }] = await Promise.all([
      import("../panel/panel.js"),
      import("../panel/fetching.js"),
    ]);
    const panel = panelOf(example);
    panel.view.section.hidden = !panel.bench;
    await panel.act(async () => {
      await fetching(panel.view);
      if (!done) await panel.app.load();
      for (; done < wanted; done++) await panel.visit("GET", "/", undefined, { replace: true });
      show(panel.history[panel.at].last.text, JSON.stringify(panel.app.state.session?.payload ?? {}));
    });
    line.textContent =
      done < wanted ? panel.view.notice.textContent : "Live: the app runs in your browser. Run shows more.";
  });
  line.parentElement.before(reload);
}
