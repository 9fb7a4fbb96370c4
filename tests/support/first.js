// Each page is a new reader's, unless a test says otherwise by the window's name.
try {
  if (self.name !== "kept") sessionStorage.clear();
} catch {} // workers have none, and frames of other sites may have none

// Keeps what the console shows as an error or a warning, for a driver that doesn't hand out the console.
{
  const faults = [];
  // Of the theme's tabs, when they and the page change their size at once: the rest is delivered in the next frame.
  const harmless = "ResizeObserver loop completed with undelivered notifications.";
  const keep = (...parts) => parts[0] === harmless || faults.push(parts.map(String).join(" "));
  self.faults = faults;
  for (const level of ["error", "warn"]) {
    const shown = console[level];
    console[level] = (...parts) => {
      keep(...parts);
      shown.apply(console, parts);
    };
  }
  // Captured: a script, a style sheet or an image that can't be loaded tells only itself.
  addEventListener("error", (event) => keep(event.message ?? `not loaded: ${event.target.src ?? event.target.href}`), true);
  addEventListener("unhandledrejection", ({ reason }) => keep(reason));
  addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) => keep(violatedDirective, blockedURI));
}
