import type { UnixSeconds } from "@sooth/kernel";
import type { SecurityEvent } from "../event.ts";

/** A pause, or the trip of a global breaker; `found` and `limit` of a trip, in collateral or disputes, as text. */
export type BrakeRow = {
  subject: string;
  found: string | null;
  limit: string | null;
  guardian: string | null;
  until: number;
  at: UnixSeconds;
};

/** Whoever set a brake, people should know why. The guardian's own doing is graver: nothing is answered while it lasts. */
export const brakesSet = (rows: readonly BrakeRow[]): SecurityEvent[] =>
  rows.map(({ subject, found, limit, guardian, until, at }) => ({
    rule: "brakes",
    severity: guardian === null ? 3 : 4,
    subject,
    evidence: {
      until: String(until),
      ...(guardian === null ? { found: String(found), limit: String(limit) } : { guardian }),
    },
    at,
  }));
