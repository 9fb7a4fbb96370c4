/**
 * The question above an app: the reader makes a choice, which shows a button that performs the app's transcript. Then the
 * responses that came, and not the page, say which choice was right. The transcript is unfolded by that.
 */
import { addRunner } from "../buttons.js";
import { button, h, style } from "../dom.js";
import predictStyle from "./predict.css";

/**
 * Makes the choices of an example's question buttons.
 * @param {HTMLElement} example a `.example[data-app]` with a `.predict`
 */
export const ask = (example) => void new Question(example);

class Question {
  constructor(example) {
    style(predictStyle).catch(() => {});
    const { folder, app } = example.dataset;
    const box = example.querySelector(":scope > .predict");
    this.example = example;
    this.list = document.querySelector(`ol.exchanges[data-example="${CSS.escape(`${folder}/${app}`)}"]`);
    /** @type {[string, number[]][]} */
    this.conditions = JSON.parse(box.dataset.choices);
    this.chosen = -1;
    this.items = [...box.querySelectorAll("li")];
    this.choices = this.items.map((item, index) => {
      const choice = button("", () => this.choose(index));
      choice.replaceChildren(...item.childNodes);
      choice.setAttribute("aria-pressed", "false");
      item.append(choice);
      return choice;
    });
    const question = box.querySelector("p");
    question.id = `predict-${folder}-${app}`.replace(/\W/g, "-");
    box.querySelector("ul").setAttribute("aria-labelledby", question.id);
    this.run = addRunner(box, "Run and check", example, () => this.check());
    this.run.classList.add("predict-run");
    this.run.hidden = true;
    this.outcome = h("p", { className: "predict-outcome" });
    this.outcome.setAttribute("role", "status");
    box.append(this.outcome);
    this.unfolder = button("Show the responses", () => this.unfold());
    this.unfolder.classList.add("predict-unfold");
    if (this.list.matches(".folded")) this.list.before(this.unfolder);
  }

  choose(index) {
    this.chosen = index;
    for (const [place, choice] of this.choices.entries()) choice.setAttribute("aria-pressed", String(place === index));
    for (const item of this.items) delete item.dataset.outcome;
    this.outcome.textContent = "";
    this.run.hidden = false;
  }

  unfold() {
    this.list.classList.remove("folded");
    this.unfolder.remove();
  }

  /** Performs the whole transcript, and says which choice it shows to be right. */
  async check() {
    const { replay } = await import("../replay/replay.js");
    const exchanges = [...this.list.querySelectorAll(":scope > .exchange")];
    this.outcome.textContent = "";
    const given = await replay(this.example, /** @type {HTMLElement} */ (exchanges.at(-1)));
    if (given?.length !== exchanges.length) {
      this.outcome.textContent = "The app didn't get to the end, so your prediction isn't checked yet.";
      return;
    }
    const right = this.conditions.findIndex(
      ([text, where]) => `${given.flatMap((response, n) => (response.includes(text) ? [n + 1] : []))}` === `${where}`,
    );
    this.show(right);
    this.unfold();
  }

  show(right) {
    const { chosen } = this;
    for (const [index, item] of this.items.entries()) {
      delete item.dataset.outcome;
      if (index === right) item.dataset.outcome = "true";
      else if (index === chosen) item.dataset.outcome = "false";
    }
    const said = (index) => this.choices[index].textContent.trim().replace(/\.$/, "");
    if (right < 0) this.outcome.textContent = "The app did something else: none of these came true.";
    else if (right === chosen) this.outcome.textContent = `Your prediction came true: ${said(chosen)}.`;
    else this.outcome.textContent = `You predicted: ${said(chosen)}. What happened: ${said(right)}.`;
  }
}
