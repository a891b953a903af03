export { type SessionsConfig, sessionsConfig } from "./edge/config.ts";
export { sessions } from "./edge/slice.ts";
export { signedIn, whoReads } from "./edge/who.ts";
