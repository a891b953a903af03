import { AppError } from "@sooth/kernel";
import { StoreError } from "./store-error.ts";

const NETWORK = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "ENOTFOUND",
  "EAI_AGAIN",
  "ETIMEDOUT",
  "EPIPE",
  "EHOSTUNREACH",
]);
// Shutdown by an administrator, crash, not yet ready, database dropped, too many connections. Source: PostgreSQL, Appendix A.
const SERVER = new Set(["57P01", "57P02", "57P03", "57P04", "53300"]);
// Wrong password, user or host not allowed, no such database. Same source.
const REFUSED = new Set(["28P01", "28000", "3D000"]);
// pg has no codes for these.
const SENTENCES =
  /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|Client was closed|Query read timeout/;

/** Whether the database was away, rather than the query wrong. */
export function isUnreachable(error: unknown): boolean {
  const { code, message } = error as { code?: unknown; message?: string };
  if (typeof code === "string" && (NETWORK.has(code) || SERVER.has(code) || code.startsWith("08")))
    return true;
  return SENTENCES.test(message ?? "");
}

/** Throws store.unreachable for a database that is away, store.refused for a closed door, the rest as it came. */
export function asStoreError(error: unknown): never {
  const { message, code } = error as { message?: string; code?: string };
  if (error instanceof AppError) throw error;
  if (code !== undefined && REFUSED.has(code))
    throw StoreError.refused({ found: message ?? code }, { cause: error });
  if (!isUnreachable(error)) throw error;
  // A refused connection to a name with two addresses has a code and an empty message.
  throw StoreError.unreachable({ found: message || code || "no answer" }, { cause: error });
}
