export * from "./wire.ts";
export { newsPath, newsWords, type Notification } from "./words.ts";
