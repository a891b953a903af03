import { z } from "zod";
import { wireAddress } from "../wire-words.ts";
import { named, type SourceType } from "./source-type.ts";

const MOST_FAMILIES = 8;

/**
 * The opinions that were staked in the market of the question itself, which the contract at `address` knows by
 * `marketOf(question)`: analysts label their texts, and a score is computed from labels and stakes. Which analyst is the
 * provider's choice.
 */
export const opinionsSource = z.object({
  type: z.literal("opinions"),
  ...named,
  chainId: z.number().int().positive().max(Number.MAX_SAFE_INTEGER),
  address: wireAddress,
  /**
   * From so many families of models a provider must have labels, or he does not answer; one when not given. It stands in the
   * question's hash: nobody can ask for less afterwards.
   */
  families: z.number().int().min(2).max(MOST_FAMILIES).optional(),
  /**
   * The least confidence that a provider's labels must come to, in ten-thousandths, or he does not answer; any when not given. One family
   * of models alone, families that differ, opinions that nobody kept and one large stake lower it.
   */
  confidence: z.number().int().min(1).max(10_000).optional(),
});
export type OpinionsSource = z.infer<typeof opinionsSource>;

/** From how many families of models each provider must have labels: the most that a source of opinions asks for. */
export const familiesWanted = (sources: readonly { type: string; families?: number | undefined }[]): number =>
  sources.reduce(
    (most, { type, families }) => (type === "opinions" ? Math.max(most, families ?? 1) : most),
    1,
  );

/** What confidence each provider's labels must come to, in ten-thousandths: the most that a source of opinions asks for. */
export const sheetConfidenceWanted = (
  sources: readonly { type: string; confidence?: number | undefined }[],
): number =>
  sources.reduce(
    (most, { type, confidence }) => (type === "opinions" ? Math.max(most, confidence ?? 0) : most),
    0,
  );

export const opinionsType: SourceType<OpinionsSource> = {
  complaint: ({ name }, { kind }) =>
    kind === "score" ? null : `source ${name}: opinions come to a score, and this is a ${kind} question`,
  where: ({ chainId, address }) => `eip155:${chainId}/${address}/marketOf(question)`,
  // Stakes as of a block, and texts by their hashes.
  isFixed: () => true,
};
