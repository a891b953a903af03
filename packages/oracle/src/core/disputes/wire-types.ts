import type { z } from "zod";
import type {
  wireAttempt,
  wireCommitment,
  wireDispute,
  wireJury,
  wireOpening,
  wirePreparedAppeal,
  wirePreparedDispute,
  wireSecurity,
  wireSecurityEvent,
  wireSlash,
} from "./wire.ts";

/** What the shapes of disputes hold, for readers of the API. */
export type WireDispute = z.infer<typeof wireDispute>;
export type WireJury = z.infer<typeof wireJury>;
export type WireCommitment = z.infer<typeof wireCommitment>;
export type WireOpening = z.infer<typeof wireOpening>;
export type WirePreparedDispute = z.infer<typeof wirePreparedDispute>;
export type WirePreparedAppeal = z.infer<typeof wirePreparedAppeal>;
export type WireSlash = z.infer<typeof wireSlash>;
export type WireAttempt = z.infer<typeof wireAttempt>;
export type WireSecurity = z.infer<typeof wireSecurity>;
export type WireSecurityEvent = z.infer<typeof wireSecurityEvent>;
