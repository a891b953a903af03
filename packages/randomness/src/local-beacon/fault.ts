import { z } from "zod";

/** How a local beacon misbehaves, on command. */
export const beaconFault = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("none") }),
  /** Hangs up on every connection, as a host that is gone. */
  z.object({ kind: z.literal("down") }),
  /** Takes the request and never says a word. */
  z.object({ kind: z.literal("stall") }),
  z.object({ kind: z.literal("broken") }),
  /** Publishes every round this much after its time. */
  z.object({ kind: z.literal("late"), seconds: z.number().int().min(1).max(1_000_000) }),
  /** Tells another round's signature as this one's: a point of the group, and not the right one. */
  z.object({ kind: z.literal("wrong_signature") }),
  /** Tells the round before, with its own signature and number. */
  z.object({ kind: z.literal("wrong_round") }),
  /** Half of the answer. */
  z.object({ kind: z.literal("garbage") }),
]);
export type BeaconFault = z.infer<typeof beaconFault>;
