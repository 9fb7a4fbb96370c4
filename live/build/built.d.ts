/** What live/build/bundle.mjs writes into the modules: addresses relative to the module's own, and an origin. */
declare const WORKER: string;
declare const INSPECTOR_WORKER: string;
declare const APP_ORIGIN: string;
declare module "#runtime" {
  export const files: Record<string, { address: string; bytes: number }>;
  export const lock: object;
  export const packages: Record<string, string[]>;
  export const flasks: Record<string, { werkzeug: string; zip: string }>;
  export const sources: Record<string, string>;
}
declare module "*.css" {
  const address: string;
  export default address;
}
