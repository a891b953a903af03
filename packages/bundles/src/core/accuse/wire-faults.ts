import { wireAddress, wireSeconds } from "@sooth/oracle/core";
import { z } from "zod";

/** What is known against a key that attests. Nothing has to be believed: who signed is in `data`, and the slasher checks it. */
export const wireFault = z.object({
  signer: wireAddress,
  kind: z.string().describe("of the fact: opened, receipt, decision, prepared, seated or current"),
  subject: z.string().describe("what it is about: an ordinal, a bundle, an epoch or a day"),
  how: z
    .enum(["conflict", "false", "unproven"])
    .describe(
      "two contents of one subject; one that the hub's own state shows to be false; one that another chain contradicts, which no contract can see",
    ),
  state: z.enum(["found", "sent", "punished", "refused"]),
  why: z.string().nullable(),
  foundAt: wireSeconds,
  data: z
    .string()
    .regex(/^0x([0-9a-f]{2})*$/)
    .nullable()
    .describe("call to the slasher of the hub that takes the stake; anybody may send it"),
});
export type WireFault = z.infer<typeof wireFault>;
/** `next` goes on behind this page; left out or null: it is the last. */
export const wireFaults = z.object({ faults: z.array(wireFault), next: z.string().nullable().optional() });
