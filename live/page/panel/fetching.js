/** Waiting for Python, in view. */
import { button, h } from "../dom.js";
import * as server from "../server.js";

/** Shows in a view how much of Python has come, with a way out, until it runs. */
export async function fetching({ waiting, controls, limits }) {
  const bar = h("progress", { max: 1, value: 0 });
  bar.setAttribute("aria-label", "Fetching Python");
  const bytes = h("span", {}, "Starting Python");
  const cancel = button("Cancel", () => server.stop("Cancelled."));
  waiting.replaceChildren(bar, bytes, cancel);
  const cancelled = new Promise((_, reject) => {
    cancel.addEventListener("click", () =>
      reject(new server.Trouble("Cancelled. Press Run to fetch Python after all.")),
    );
  });
  const done = server.onProgress(({ loaded, total }) => {
    bar.value = loaded / total;
    bytes.textContent = `Fetching Python: ${(loaded / 1e6).toFixed(1)} of ${(total / 1e6).toFixed(1)} MB`;
  });
  waiting.hidden = false;
  try {
    await Promise.race([server.start(), cancelled]);
    controls.hidden = false;
    limits.textContent = server.limits();
  } finally {
    done();
    waiting.hidden = true;
  }
}
