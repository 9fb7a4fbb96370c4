const meta = document.querySelector('meta[name="csrf-token"]');

function send(address) {
  const headers = { "X-CSRFToken": meta.content };
  return fetch(address, { method: "POST", headers });
}

async function post(address) {
  const response = await send(address);
  if (response.status !== 400) return response;
  // The token has expired, or its session has ended.
  const fresh = await fetch("/csrf-token");
  meta.content = await fresh.text();
  return send(address);
}

document.querySelector("button").addEventListener("click", async () => {
  const response = await post("/likes");
  document.querySelector("p").textContent = await response.text();
});
