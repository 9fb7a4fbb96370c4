/** Fetches files of the runtime, as live/build/build.mjs packed them: the page what the start needs, its worker what comes later. */
import { files } from "#runtime"; // by live/build/bundle.mjs: the address and the size of each file

const realFetch = fetch; // live/worker/worker.js shows Pyodide another one

/**
 * Fetches a file of the runtime and unpacks it on the way. Static hosts do not compress .zip and .wasm reliably, so
 * both are served as .gz; one that already unpacked it (Content-Encoding) is met, too.
 * @param {string} name of the file in live/runtime/, without .gz
 * @param {(count: number) => void} [onBytes] told of each chunk that came
 * @param {AbortSignal} [signal]
 * @returns {Promise<Response>}
 */
export async function fetchPacked(name, onBytes, signal) {
  const response = await realFetch(new URL(files[`${name}.gz`].address, import.meta.url), { signal });
  if (!response.ok) throw new Error(`${name}.gz: ${response.status}`);
  const reader = response.body.getReader();
  let first = await reader.read();
  const packed = first.value?.[0] === 0x1f && first.value[1] === 0x8b;
  const stream = new ReadableStream({
    async pull(controller) {
      const { done, value } = first ?? (await reader.read());
      first = null;
      if (done) return controller.close();
      onBytes?.(value.length);
      controller.enqueue(value);
    },
  });
  return new Response(packed ? stream.pipeThrough(new DecompressionStream("gzip")) : stream, {
    headers: { "Content-Type": name.endsWith(".wasm") ? "application/wasm" : "application/zip" },
  });
}
