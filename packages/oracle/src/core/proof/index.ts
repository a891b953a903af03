export * from "./answers.ts";
export * from "./decode-logs.ts";
export * from "./evidence.ts";
export * from "./note.ts";
export * from "./proof-log.ts";
export * from "./raw-log.ts";
export { checkItems } from "./roots.ts";
export { roundOfWord } from "./word-bits.ts";
export * from "./replay.ts";
