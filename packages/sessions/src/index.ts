export { type SessionsConfig, sessionsConfig } from "./edge/config.ts";
export { sessions } from "./edge/slice.ts";
export { signedOutUpTo, standingSessions } from "./edge/store.ts";
export { sessionOf, signedIn, whoReads } from "./edge/who.ts";
