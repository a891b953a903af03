import { z } from "zod";

/** How a simulated exchange misbehaves, on command. */
export const fault = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("none") }),
  /** Hangs up on every connection, as a host that is gone. */
  z.object({ kind: z.literal("down") }),
  /** Takes the request and never says a word. */
  z.object({ kind: z.literal("stall") }),
  /** Answers rightly, but late. */
  z.object({ kind: z.literal("slow"), milliseconds: z.number().int().min(1).max(600_000) }),
  z.object({ kind: z.literal("broken") }),
  z.object({ kind: z.literal("rate_limited") }),
  /** Half of a JSON text, with the content type of a whole one. */
  z.object({ kind: z.literal("garbage") }),
  /** The right answer after this much white space, which JSON allows. */
  z.object({ kind: z.literal("huge"), bytes: z.number().int().min(1).max(1_000_000_000) }),
  /** Cents for dollars. */
  z.object({ kind: z.literal("wrong_unit") }),
  /** Every price times `factor`, with a straight face. */
  z.object({ kind: z.literal("lie"), factor: z.number().positive().max(1_000_000) }),
]);
export type Fault = z.infer<typeof fault>;

/** The price that an exchange with this fault tells; rounded down. */
export function distort(price: bigint, active: Fault): bigint {
  if (active.kind === "wrong_unit") return price * 100n;
  // Six digits of the factor are enough to tell any lie.
  if (active.kind === "lie") return (price * BigInt(Math.round(active.factor * 1_000_000))) / 1_000_000n;
  return price;
}
