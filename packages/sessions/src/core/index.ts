export { SessionError } from "./errors.ts";
export {
  MOST_SESSIONS,
  NONCE_SECONDS,
  readSignIn,
  SESSION_SECONDS,
  type SignIn,
  signInMessage,
} from "./message.ts";
export * from "./wire.ts";
