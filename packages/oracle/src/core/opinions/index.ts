export * from "./market.ts";
export * from "./sheet.ts";
