export { type BundleWatch, openWatch, type SeatedSet, type WatchOptions } from "./open-watch.ts";
export type { Learned, Remembered, UpTo } from "./sightings.ts";
