const response = await fetch("https://app.example/", {
  credentials: "include",
});
document.body.textContent = await response.text();
