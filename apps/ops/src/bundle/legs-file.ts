import { randomBytes } from "node:crypto";
import { wireLeg, type WirePrepareBundle, STANDALONE } from "@sooth/bundles/core";
import { z } from "zod";
import { OpsError } from "../ops-error.ts";
import { readText } from "../verify/log-source.ts";

const address = z.string().regex(/^0x[0-9a-fA-F]{40}$/, "wants an address");
const parties = z.object({ payer: address, recipient: address });

const wordOf = (one: string) => one.slice(2).toLowerCase().padStart(64, "0");

/** Who pays what an escrow holds, and who gets it, may stand by their names in place of the data. */
function partiesIn({ payer, recipient, ...leg }: Record<string, unknown>): Record<string, unknown> {
  if (payer === undefined && recipient === undefined) return leg;
  const named = parties.parse({ payer, recipient });
  return { ...leg, data: `0x${wordOf(named.payer)}${wordOf(named.recipient)}` };
}

/** A leg as people write it: what is usual may be left out. */
const writtenLeg = z
  .record(z.string(), z.unknown())
  .transform((leg): unknown => ({
    kind: "shared",
    value: "0",
    gasLimit: 200_000,
    data: "0x",
    ...STANDALONE,
    // Nobody must guess a private leg from its hash.
    salt: `0x${randomBytes(32).toString("hex")}`,
    ...partiesIn(leg),
  }))
  .pipe(wireLeg);
const integer = z.union([z.number().int(), z.string().regex(/^\d+$/)]).transform(String);
const written = z.object({
  owner: z.string().optional(),
  mode: z.enum(["ordered", "escrowed"]),
  deadline: z.number().int().optional(),
  /** From now, in place of a deadline. */
  seconds: z.number().int().positive().optional(),
  fee: integer.optional(),
  salt: integer.optional(),
  private: z.boolean().optional(),
  legs: z.array(writtenLeg).min(1),
});

/** Where finality on Ethereum is waited for, a step from chain to chain takes up to 20 minutes: three of them. */
const USUAL_SECONDS = 3_600;

/**
 * A file of legs as the API is asked for them.
 * @param owner counts where the file names none
 * @throws ops.unreadable
 */
export async function readLegs(
  file: string,
  owner: string | undefined,
  now: number,
): Promise<WirePrepareBundle> {
  const text = await readText(file);
  try {
    const { seconds, deadline, owner: named, ...rest } = written.parse(JSON.parse(text));
    const who = named ?? owner;
    if (who === undefined) throw new Error("it names no owner; --owner does, or a key");
    return { ...rest, owner: who, deadline: deadline ?? now + (seconds ?? USUAL_SECONDS) };
  } catch (error) {
    const why = error instanceof z.ZodError ? z.prettifyError(error) : (error as Error).message;
    throw OpsError.unreadable({ file, why }, { cause: error });
  }
}
