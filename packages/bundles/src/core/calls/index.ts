export * from "./settler.ts";
