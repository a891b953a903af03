export * from "./api-key.ts";
export * from "./errors.ts";
export * from "./finality.ts";
export * from "./key-request.ts";
export * from "./statements.ts";
