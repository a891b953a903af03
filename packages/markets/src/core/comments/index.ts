export { CommentsError } from "./errors.ts";
export { commentComplaint } from "./text.ts";
export * from "./wire.ts";
