/** Fetches files of the runtime, as live/build/build.mjs packed them: the page what the start needs, its worker what comes later. */
const runtime = new URL("../runtime/", import.meta.url);
const realFetch = fetch; // live/worker/worker.js shows Pyodide another one

/**
 * Fetches what the runtime consists of.
 * @param {AbortSignal} [signal]
 * @returns {Promise<{version: string, lock: object, bytes: object}>} rejected with "missing" where a build has none
 */
export async function fetchManifest(signal) {
  const answer = await realFetch(new URL("manifest.json", runtime), { cache: "no-cache", signal });
  if (!answer.ok) throw new Error("missing");
  return answer.json();
}

/**
 * Fetches a file of the runtime and unpacks it on the way. Static hosts do not compress .zip and .wasm reliably, so
 * both are served as .gz; one that already unpacked it (Content-Encoding) is met, too.
 * @param {string} name of the file, without .gz
 * @param {string} version of the runtime
 * @param {(count: number) => void} [onBytes] told of each chunk that came
 * @param {AbortSignal} [signal]
 * @returns {Promise<Response>}
 */
export async function fetchPacked(name, version, onBytes, signal) {
  const response = await realFetch(new URL(`${name}.gz?${version}`, runtime), { signal });
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
