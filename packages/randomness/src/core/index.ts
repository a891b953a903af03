export * from "./errors.ts";
export * from "./rounds.ts";
export { proofOf, publicKeyOf, secretKeyFrom, seedOf, sign, verify } from "./scheme.ts";
export { lockedSize, lockedUntil, lockUntil, unlock } from "./time-lock.ts";
