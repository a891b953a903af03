export { attestationsOf } from "./attestations.ts";
export { batchRoutes } from "./batch-routes.ts";
export { openGatherings } from "./open-gatherings.ts";
