const dialog = document.querySelector("dialog");
const lifetime = dialog.dataset.seconds * 1000;
const tabs = new BroadcastChannel("activity");
let timers = [];

function restart() {
  timers.forEach(clearTimeout);
  dialog.close();
  timers = [
    setTimeout(() => dialog.showModal(), lifetime - 60_000),
    setTimeout(() => location.reload(), lifetime + 2000),
  ];
}

dialog.querySelector("button").addEventListener("click", async () => {
  const response = await fetch(dialog.dataset.stay, { method: "POST" });
  if (!response.ok) return location.reload();
  restart();
  tabs.postMessage("active");
});

tabs.addEventListener("message", restart);
tabs.postMessage("active");
restart();
