export { type BundleWatch, openWatch, type WatchOptions } from "./open-watch.ts";
export type { Learned, UpTo } from "./sightings.ts";
