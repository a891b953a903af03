export * from "./build.ts";
export { type Demand, type Given, Result } from "./result.ts";
