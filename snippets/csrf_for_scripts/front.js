const api = "https://api.shop.example";
const credentials = "include";

async function like() {
  const given = await fetch(`${api}/csrf-token`, { credentials });
  const headers = { "X-CSRFToken": await given.text() };
  const method = "POST";
  return fetch(`${api}/likes`, { method, credentials, headers });
}

document.querySelector("button").addEventListener("click", async () => {
  const response = await like();
  document.querySelector("p").textContent = await response.text();
});
