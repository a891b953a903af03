import { type Address, sameAddress } from "@sooth/kernel";
import type { QuestionSchema } from "@sooth/oracle/core";
import type { OpinionTerms } from "./terms.ts";

/** Where a deployment's opinions are. */
export type OwnOpinions = { chainId: number; opinions: Address };

/**
 * Why the score of a market on this question would be read from anything but the market's own opinions, or null. Neither contract
 * reads a schema: it is whoever asks that writes it, so any other number that could get into the answer is his.
 */
export function sourcesComplaint(
  schema: QuestionSchema,
  { chainId, opinions }: OwnOpinions,
  { closesAt, revealSeconds }: Pick<OpinionTerms, "closesAt" | "revealSeconds">,
): string | null {
  const { kind, rule, sources, secondary, order, discloseBy, observeAt } = schema;
  if (kind !== "score" || rule.type !== "value") return `it asks for a ${kind}, not for the score itself`;
  const [source, ...others] = sources;
  if (source?.type !== "opinions") return "it is not read from opinions";
  if (others.length > 0) return `it is read from ${sources.length} sources, not from opinions alone`;
  if (secondary) return "other sources stand in where opinions cannot be read";
  if (schema.default !== "invalid") return `it takes ${schema.default} where nobody can read the opinions`;
  if (order !== undefined || discloseBy !== undefined) return "it says which sources count, and there is one";
  if (source.chainId !== chainId) return `its opinions are of chain ${source.chainId}`;
  if (!sameAddress(source.address, opinions))
    return `its opinions are those of another contract, ${source.address}`;
  // Each power of ten makes another score of the same labels.
  if (source.scale !== 0) return `what its opinions come to is multiplied by 10^${source.scale}`;
  return observeAt < closesAt + revealSeconds ? "its opinions are read while they can still change" : null;
}
