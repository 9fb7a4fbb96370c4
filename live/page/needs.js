/** What the page's modules use that browsers from before 2024 lack: without one of these, they would break half-way. */

const FEATURES = {
  "Array.prototype.findLast": () => "findLast" in Array.prototype,
  "Object.hasOwn": () => "hasOwn" in Object,
  "URL.canParse": () => "canParse" in URL,
  "Element.prototype.checkVisibility": () => "checkVisibility" in Element.prototype,
  "HTMLElement.prototype.showPopover": () => "showPopover" in HTMLElement.prototype,
  DecompressionStream: () => "DecompressionStream" in self,
  "WebAssembly.compileStreaming": () => "WebAssembly" in self && "compileStreaming" in WebAssembly,
};

/** The names of those that this browser lacks. */
export const lacking = () => Object.keys(FEATURES).filter((name) => !FEATURES[name]());
