/** A file of its own, since only what is imported late as a whole comes in a chunk of its own. */
export { sealStance } from "@sooth/markets/core";
