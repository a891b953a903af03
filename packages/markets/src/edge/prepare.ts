import { marketsAbi, testDollarAbi } from "@sooth/abi";
import type { Address, Hex } from "@sooth/kernel";
import { chainTime, questionById } from "@sooth/oracle";
import {
  termsToChain,
  wireAddress,
  wireCall,
  wireHex32,
  wireInteger,
  wireTypedData,
} from "@sooth/oracle/core";
import { encodeFunctionData } from "viem";
import { z } from "zod";
import {
  badTerms,
  intentToWire,
  intentTypedData,
  marketId,
  MarketsError,
  type MarketTerms,
  MAX_POOL,
  permitTypedData,
  type StakeIntent,
  termsToWire,
  wireAsking,
  wireIntent,
  wireMarketTerms,
} from "../core/index.ts";
import { type Call, marketsConstants, permitNonce, purseOf } from "./contract.ts";
import type { Deps } from "./deps.ts";
import { marketById, type StoredMarket } from "./market-rows.ts";
import { notYetAsked } from "./not-yet-asked.ts";
import { claimableOutcomes } from "./portfolio.ts";
import { checkNoJudge, checkStake } from "./stake-checks.ts";

export const wirePrepareMarket = z.object({
  question: wireHex32,
  creator: wireAddress,
  closesAt: z.number().int().nonnegative().max(4_294_967_295),
  feeBps: z.number().int().min(0).max(1_000),
  /** Of a numeric question: number of cuts and one. Left out: what the question has. */
  outcomes: z.number().int().min(2).max(48).optional(),
  cuts: z.array(wireInteger).max(47).optional(),
  asking: wireAsking.optional(),
});
export const wirePreparedMarket = z.object({
  id: wireHex32,
  terms: wireMarketTerms,
  calls: z.array(wireCall),
});
export const wirePrepareStake = z.object({
  owner: wireAddress,
  outcome: z.number().int().min(0).max(47),
  amount: wireInteger,
});
export const wirePreparedStake = z.object({
  intent: wireIntent,
  /** To be signed as well, unless an allowance is there already or the collateral takes no permits. */
  permit: wireTypedData.nullable(),
  typedData: wireTypedData,
  /** The way with gas of one's own. */
  calls: z.array(wireCall),
});

/** An intent is meant to be signed and sent at once. */
export const INTENT_SECONDS = 1_200;

export type Prepare = Pick<Deps, "store" | "hub" | "addresses" | "config">;

/**
 * The call that opens a market on a question, for anybody to send after it or together with it.
 * @throws markets.unknown_question, markets.bad_terms, markets.already_open
 */
export async function prepareMarket(
  deps: Prepare,
  asked: z.infer<typeof wirePrepareMarket>,
): Promise<z.infer<typeof wirePreparedMarket>> {
  const [stored, now] = await Promise.all([questionById(deps.store.db, asked.question), chainTime(deps.hub)]);
  const question = stored ?? (asked.asking && notYetAsked(asked.question, asked.asking));
  if (question === null) throw MarketsError.bad_terms({ what: "question" });
  if (!question) throw MarketsError.unknown_question({ question: asked.question as Hex });
  const cuts = (asked.cuts ?? []).map(BigInt);
  const outcomes =
    asked.outcomes ??
    (cuts.length > 0 ? cuts.length + 1 : Number(question.terms.max - question.terms.min) + 1);
  const terms: MarketTerms = {
    question: question.id,
    creator: asked.creator as Address,
    closesAt: asked.closesAt,
    feeBps: asked.feeBps,
    outcomes,
    cuts,
  };
  const what = badTerms(terms, question.terms, now);
  if (what !== null) throw MarketsError.bad_terms({ what });
  if (stored && stored.word.state !== "open") throw MarketsError.bad_terms({ what: "status" });
  const id = marketId(terms);
  if (await marketById(deps.store.db, id)) throw MarketsError.already_open({ market: id });
  const data = encodeFunctionData({
    abi: marketsAbi,
    functionName: "open",
    args: [terms, termsToChain(question.terms)],
  });
  return {
    id,
    terms: termsToWire(terms),
    calls: [call(deps, deps.addresses.markets, data, "Open the market")],
  };
}

/** What to sign for a stake that the platform sends, and the calls for one that the owner sends himself. */
export async function prepareStake(
  deps: Prepare,
  market: StoredMarket,
  asked: z.infer<typeof wirePrepareStake>,
): Promise<z.infer<typeof wirePreparedStake>> {
  const { hub, addresses } = deps;
  const owner = asked.owner as Address;
  const amount = amountIn(asked.amount);
  const [now, constants, purse] = await Promise.all([
    chainTime(hub),
    marketsConstants(hub, addresses),
    purseOf(hub, addresses, owner),
  ]);
  await checkNoJudge(deps.store.db, market, owner);
  checkStake(market, { outcome: asked.outcome, amount, owner }, { now, purse, minStake: constants.minStake });
  const deadline = now + INTENT_SECONDS;
  const intent: StakeIntent = {
    market: market.id,
    outcome: asked.outcome,
    amount,
    owner,
    nonce: purse.nonce,
    deadline,
  };
  const domain = { chainId: hub.definition.id, markets: addresses.markets };
  const missing = purse.allowance < amount;
  return {
    intent: intentToWire(intent),
    typedData: { purpose: "Stake", ...inJson(intentTypedData(domain, intent)) },
    permit:
      missing && constants.tokenDomain
        ? {
            purpose: "Let the markets take the stake",
            ...inJson(
              permitTypedData(constants.tokenDomain, {
                owner,
                spender: addresses.markets,
                value: amount,
                nonce: await permitNonce(hub, addresses, owner),
                deadline: BigInt(deadline),
              }),
            ),
          }
        : null,
    calls: stakeCalls(deps, intent, missing),
  };
}

function stakeCalls(deps: Prepare, { market, outcome, amount }: StakeIntent, approve: boolean): Call[] {
  const { addresses } = deps;
  const stake = encodeFunctionData({
    abi: marketsAbi,
    functionName: "stake",
    args: [market, outcome, amount],
  });
  const calls = [call(deps, addresses.markets, stake, "Stake")];
  if (!approve) return calls;
  const data = encodeFunctionData({
    abi: testDollarAbi,
    functionName: "approve",
    args: [addresses.markets, amount],
  });
  return [call(deps, addresses.collateral, data, "Let the markets take the stake"), ...calls];
}

/** One call for everything that `owner` can claim from a market. @throws markets.not_settled, markets.nothing_to_claim */
export async function prepareClaims(
  deps: Prepare,
  market: StoredMarket,
  owner: Address,
): Promise<{ calls: Call[] }> {
  const now = await chainTime(deps.hub);
  if (now < market.ending.at) throw MarketsError.not_settled({ market: market.id });
  const outcomes = await claimableOutcomes(deps.store.db, market, owner, now);
  if (outcomes.length === 0)
    throw MarketsError.nothing_to_claim({ market: market.id, owner, outcome: winnerOf(market) });
  const data = encodeFunctionData({
    abi: marketsAbi,
    functionName: "claimMany",
    args: [market.terms, outcomes.map((outcome) => ({ owner, outcome }))],
  });
  return { calls: [call(deps, deps.addresses.markets, data, "Claim")] };
}

const winnerOf = ({ ending }: StoredMarket): number =>
  ending.result.kind === "won" ? ending.result.winner : 0;

export const call = ({ hub }: Prepare, to: Address, data: Hex, purpose: string): Call => ({
  chainId: hub.definition.id,
  to,
  data,
  value: "0",
  purpose,
});

/** A stake's amount from JSON. @throws markets.bad_amount */
export function amountIn(text: string): bigint {
  const amount = BigInt(text);
  if (amount <= 0n || amount > MAX_POOL) throw MarketsError.bad_amount({ amount: text, most: MAX_POOL });
  return amount;
}

type TypedData = {
  domain: object;
  types: Readonly<Record<string, readonly { readonly name: string; readonly type: string }[]>>;
  primaryType: string;
  message: object;
};

/** In the shape that eth_signTypedData_v4 takes: numbers too large for JSON are decimal strings, the domain is typed. */
export function inJson({ domain, types, primaryType, message }: TypedData) {
  const entries = Object.entries(message).map(([key, value]: [string, unknown]) => [
    key,
    typeof value === "bigint" ? String(value) : value,
  ]);
  const plain = Object.fromEntries(Object.entries(types).map(([name, fields]) => [name, [...fields]]));
  return {
    domain: { ...domain },
    types: { EIP712Domain: DOMAIN_FIELDS, ...plain },
    primaryType,
    message: Object.fromEntries(entries) as Record<string, unknown>,
  };
}

const DOMAIN_FIELDS = [
  { name: "name", type: "string" },
  { name: "version", type: "string" },
  { name: "chainId", type: "uint256" },
  { name: "verifyingContract", type: "address" },
];
