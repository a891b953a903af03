import type { UnixSeconds } from "@sooth/kernel";
import type { SecurityEvent } from "../event.ts";

/** A consumer that the policy named; `from`: when it is believed about positions, unix seconds. */
export type ConsumerRow = { consumer: string; from: number; at: UnixSeconds };

/**
 * The slasher is to believe another consumer: what it says of positions then costs providers half of their stakes. Its notice time is
 * there for reading its code, and for leaving; who missed it finds his node silent.
 */
export const consumerNamed = (rows: readonly ConsumerRow[], now: UnixSeconds): SecurityEvent[] =>
  rows
    .filter(({ from }) => from > now)
    .map(({ consumer, from, at }) => ({
      rule: "consumer-named",
      severity: 3,
      subject: `consumer ${consumer}`,
      evidence: { consumer, from: String(from) },
      at,
    }));
