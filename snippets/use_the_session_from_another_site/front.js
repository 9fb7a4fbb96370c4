const answer = await fetch("https://app.example/", {
  credentials: "include",
});
document.body.textContent = await answer.text();
