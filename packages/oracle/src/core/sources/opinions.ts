import { z } from "zod";
import { wireAddress } from "../wire-words.ts";
import { named, type SourceType } from "./source-type.ts";

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
});
export type OpinionsSource = z.infer<typeof opinionsSource>;

export const opinionsType: SourceType<OpinionsSource> = {
  complaint: ({ name }, { kind }) =>
    kind === "score" ? null : `source ${name}: opinions come to a score, and this is a ${kind} question`,
  where: ({ chainId, address }) => `eip155:${chainId}/${address}/marketOf(question)`,
  // Stakes as of a block, and texts by their hashes.
  isFixed: () => true,
};
