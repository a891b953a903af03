export * from "./answers.ts";
export * from "./decode-logs.ts";
export * from "./evidence.ts";
export * from "./note.ts";
export * from "./proof-log.ts";
export * from "./raw-log.ts";
export * from "./replay.ts";
