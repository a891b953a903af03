import {
  latestExpiry,
  outcomesOf,
  type WireQuestionOutcomes,
  wireQuestionOutcomes,
} from "@sooth/markets/core";
import type { Address, Hex } from "@sooth/kernel";
import {
  questionId,
  questionSchema,
  schemaHash,
  schemaText,
  type Terms,
  termsFromWire,
  wireTerms,
} from "@sooth/oracle/core";
import { formatUnits, parseUnits } from "viem";
import { z } from "zod";
import type { Server } from "../bundle/network.ts";
import { OpsError } from "../ops-error.ts";

/**
 * A question as far as its id bears it out: terms that a server made up are of another, and so is what it says of the moment that is asked
 * about, unless it gives the very text of which the terms have the hash; `observeAt` is null then.
 */
export type AskedQuestion = { id: Hex; terms: Terms; observeAt: number | null };

const shape = z.object({ terms: wireTerms, schema: z.unknown() });

function provedMoment(schema: unknown, { schema: hash }: Terms): number | null {
  const { data } = questionSchema.safeParse(schema);
  return data && schemaHash(schemaText(data)) === hash ? data.observeAt : null;
}

/** @throws ops.other_question, ops.not_due where it has no such outcome to trade */
export async function askedQuestion({ api }: Server, id: string, outcome: number): Promise<AskedQuestion> {
  const told = await api.get(`/v1/questions/${id}`, shape);
  const terms = termsFromWire(told.terms);
  if (questionId(terms) !== id) throw OpsError.other_question({ question: id });
  if (outcome >= outcomesOf(terms))
    throw OpsError.not_due({ what: `the question has no outcome ${outcome} with a yes and a no` });
  return { id: id as Hex, terms, observeAt: provedMoment(told.schema, terms) };
}

/** Until when an order may be good, by the question's own terms. @throws ops.other_question, ops.not_due */
export function lastMoment({ id, terms, observeAt }: AskedQuestion, now: number): number {
  if (observeAt === null) throw OpsError.other_question({ question: id });
  const latest = latestExpiry(terms, observeAt, now);
  if (latest === null)
    throw OpsError.not_due({
      what: "the question opens now or is open: whoever knows its answer would take your order",
    });
  return latest;
}

export const outcomesAt = (
  { api }: Server,
  question: string,
  owner?: Address,
): Promise<WireQuestionOutcomes> =>
  api.get(
    `/v1/questions/${question}/outcomes${owner === undefined ? "" : `?owner=${owner}`}`,
    wireQuestionOutcomes,
  );

/** Smallest units of collateral, of which tokens are made one for one. @throws ops.bad_tokens */
export function unitsOf({ network }: Server, tokens: string): bigint {
  const { decimals } = network.collateral;
  const [, fraction = ""] = tokens.split(".");
  if (fraction.length > decimals) throw OpsError.bad_tokens({ said: tokens, decimals });
  return parseUnits(tokens, decimals);
}
export const tokensText = ({ network }: Server, units: bigint | string): string =>
  formatUnits(BigInt(units), network.collateral.decimals);
export const moneyText = (server: Server, units: bigint | string): string =>
  `${tokensText(server, units)} ${server.network.collateral.symbol}`;
export const priceText = (millionths: number | bigint): string => formatUnits(BigInt(millionths), 6);
