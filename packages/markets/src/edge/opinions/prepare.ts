import { opinionsAbi, testDollarAbi } from "@sooth/abi";
import { type Address, type Amount, type Bps, type Hex, sameAddress } from "@sooth/kernel";
import { chainTime, questionById } from "@sooth/oracle";
import { termsToChain } from "@sooth/oracle/core";
import { encodeFunctionData, zeroHash } from "viem";
import type { z } from "zod";
import {
  badOpinionTerms,
  doorOf,
  fromContractError,
  HIDDEN_BAND,
  isHidden,
  MarketsError,
  type OpinionIntent,
  opinionIntentToWire,
  OPINION_LIMITS,
  opinionMarketId,
  OpinionsError,
  type OpinionTerms,
  opinionTermsHash,
  opinionTermsToChain,
  opinionTermsToWire,
  opinionTypedData,
  permitTypedData,
  textBytes,
  textHash,
  type wirePreparedOpinion,
  type wirePreparedOpinionMarket,
  type wirePrepareOpinion,
  type wirePrepareOpinionMarket,
  type wirePrepareReveal,
} from "../../core/index.ts";
import { type Call, marketsConstants, permitNonce } from "../contract.ts";
import { notYetAsked } from "../not-yet-asked.ts";
import { amountIn, call, inJson, INTENT_SECONDS, type Prepare } from "../prepare.ts";
import { opinionConstants, opinionPurse } from "./contract.ts";
import { opinionMarketOf, type StoredOpinionMarket } from "./market-rows.ts";
import {
  checkFamilies,
  checkOpinion,
  checkSeal,
  checkSecured,
  checkSources,
  seatedFor,
} from "./opinion-checks.ts";
import { dueTo } from "./opinion-rows.ts";
import { unpaidPrizes } from "./owing-rows.ts";
import { revealRequest } from "./reveal-call.ts";

/**
 * The calls that announce a market on a question; who asked it sends them, after it or together with it.
 * @throws markets.unknown_question, opinions.bad_terms, opinions.already_announced, opinions.read_elsewhere,
 *   opinions.too_few_families, opinions.undersecured
 */
export async function prepareOpinionMarket(
  deps: Prepare,
  { asking, ...asked }: z.infer<typeof wirePrepareOpinionMarket>,
): Promise<z.infer<typeof wirePreparedOpinionMarket>> {
  const { hub, addresses, store } = deps;
  const [stored, now, bounds, held] = await Promise.all([
    questionById(store.db, asked.question),
    chainTime(hub),
    opinionConstants(hub, addresses),
    opinionMarketOf(store.db, asked.question),
  ]);
  const question = stored ?? (asking && notYetAsked(asked.question, asking));
  if (question === null) throw OpinionsError.bad_terms({ what: "question" });
  if (!question) throw MarketsError.unknown_question({ question: asked.question as Hex });
  if (held) throw OpinionsError.already_announced({ question: question.id, market: held });
  if (textBytes(asked.statement) > OPINION_LIMITS.statementBytes)
    throw OpinionsError.bad_terms({ what: "statement" });
  const terms: OpinionTerms = {
    ...asked,
    question: question.id,
    statement: textHash(asked.statement),
    rubric: textHash(asked.rubric),
    creator: asked.creator.toLowerCase() as Address,
    feeBps: asked.feeBps as Bps,
    prizeBps: asked.prizeBps as Bps,
    leastStake: stakeIn(asked.leastStake),
    mostStake: stakeIn(asked.mostStake),
    quietMost: stakeIn(asked.quietMost),
  };
  const what = badOpinionTerms(terms, { question: question.terms, bounds, now });
  if (what !== null) throw OpinionsError.bad_terms({ what });
  if (stored && stored.word.state !== "open") throw OpinionsError.bad_terms({ what: "status" });
  checkSources(deps, question, terms);
  checkFamilies(deps, question);
  await checkSecured(deps, question, terms, await seatedFor(store.db, question));
  const { asker } = question.terms;
  const purse = await opinionPurse(hub, addresses, asker);
  // The reward of a question that is asked in the same transaction leaves the purse before the fee does.
  const amount = (stored ? 0n : question.terms.reward) + bounds.creationFee;
  if (purse.balance < amount)
    throw MarketsError.balance_too_small({ owner: asker, balance: purse.balance, amount });
  const data = encodeFunctionData({
    abi: opinionsAbi,
    functionName: "announce",
    args: [opinionTermsToChain(terms), termsToChain(question.terms), asked.statement],
  });
  const announce = call(deps, addresses.opinions, data, "Announce the market");
  return {
    id: opinionMarketId(terms),
    terms: opinionTermsToWire(terms),
    creationFee: String(bounds.creationFee),
    calls:
      purse.allowance < bounds.creationFee
        ? [approve(deps, bounds.creationFee, "Let the market take its fee"), announce]
        : [announce],
  };
}

/** What to sign for an opinion that the platform sends, and the calls for one that the owner sends himself. */
export async function prepareOpinion(
  deps: Prepare,
  market: StoredOpinionMarket,
  asked: z.infer<typeof wirePrepareOpinion>,
): Promise<z.infer<typeof wirePreparedOpinion>> {
  const { hub, addresses } = deps;
  const owner = asked.owner as Address;
  const amount = stakeIn(asked.amount);
  const [now, { tokenDomain }, purse] = await Promise.all([
    chainTime(hub),
    marketsConstants(hub, addresses),
    opinionPurse(hub, addresses, owner),
  ]);
  const intent: OpinionIntent = {
    market: market.id,
    band: asked.band ?? HIDDEN_BAND,
    amount,
    opinion: asked.opinion as Hex,
    commitment: (asked.commitment ?? zeroHash) as Hex,
    owner,
    nonce: purse.nonce,
    deadline: now + INTENT_SECONDS,
    sealed: (asked.sealed ?? "0x") as Hex,
  };
  await checkOpinion(deps, market, intent, { now, purse });
  await checkSeal(deps, market, intent);
  const missing = purse.allowance < amount;
  const domain = { chainId: hub.definition.id, opinions: addresses.opinions };
  const permit =
    missing && tokenDomain
      ? {
          purpose: "Let the market take the stake",
          ...inJson(
            permitTypedData(tokenDomain, {
              owner,
              spender: addresses.opinions,
              value: amount,
              nonce: await permitNonce(hub, addresses, owner),
              deadline: BigInt(intent.deadline),
            }),
          ),
        }
      : null;
  return {
    intent: opinionIntentToWire(intent),
    typedData: { purpose: "Stake", ...inJson(opinionTypedData(domain, intent)) },
    permit,
    calls: [
      ...(missing ? [approve(deps, amount, "Let the market take the stake")] : []),
      call(deps, addresses.opinions, stakeData(market, intent), "Stake"),
    ],
  };
}

function stakeData({ terms }: StoredOpinionMarket, intent: OpinionIntent): Hex {
  const [hash, door] = [opinionTermsHash(terms), doorOf(terms)];
  const { band, opinion, commitment, sealed } = intent;
  const amount = Number(intent.amount);
  return isHidden(terms)
    ? encodeFunctionData({
        abi: opinionsAbi,
        functionName: "stakeHidden",
        args: [hash, door, amount, opinion, commitment, sealed],
      })
    : encodeFunctionData({
        abi: opinionsAbi,
        functionName: "stake",
        args: [hash, door, band, amount, opinion],
      });
}

/**
 * The call that tells a hidden stance, for its owner who does not want to wait for the beacon. The contract is asked first: a
 * stance that is told too late is lost. One that was told already the contract passes over, so this says it: the call would be gas for
 * nothing. @throws opinions.not_closed, opinions.closed, opinions.bad_reveal, opinions.already_told
 */
export async function prepareReveal(
  deps: Prepare,
  { terms }: StoredOpinionMarket,
  asked: z.infer<typeof wirePrepareReveal>,
): Promise<{ calls: Call[] }> {
  const to = deps.addresses.opinions;
  const reveal = revealRequest(terms, {
    owner: asked.owner as Address,
    band: asked.band,
    salt: asked.salt as Hex,
  });
  try {
    await deps.hub.client.simulateContract({ ...reveal, address: to });
  } catch (thrown) {
    throw fromContractError(thrown) ?? thrown;
  }
  const market = opinionMarketId(terms);
  const [band] = await deps.hub.client.readContract({
    abi: opinionsAbi,
    address: to,
    functionName: "positionOf",
    args: [market, asked.owner as Address],
  });
  if (band !== HIDDEN_BAND) throw OpinionsError.already_told({ market, owner: asked.owner as Address });
  return { calls: [call(deps, to, encodeFunctionData(reveal), "Tell your stance")] };
}

/** The call that claims what an owner has in a market that ended. @throws opinions.not_final, opinions.nothing_to_claim */
export async function prepareOpinionClaim(
  deps: Prepare,
  market: StoredOpinionMarket,
  owner: Address,
): Promise<{ calls: Call[] }> {
  if (market.ending === "none") throw OpinionsError.not_final({ market: market.id });
  const [due, prizes] = await Promise.all([
    dueTo(deps.store.db, market.id, owner),
    unpaidPrizes(deps.store.db, [market.id]),
  ]);
  const to = deps.addresses.opinions;
  const claim = () =>
    encodeFunctionData({ abi: opinionsAbi, functionName: "claim", args: [market.id, owner] });
  const claimPrize = (prize: number) =>
    encodeFunctionData({
      abi: opinionsAbi,
      functionName: "claimPrize",
      args: [market.id, BigInt(prize), owner],
    });
  const calls = [
    ...(due > 0n ? [call(deps, to, claim(), "Claim")] : []),
    ...prizes
      .filter(({ winner }) => sameAddress(winner, owner))
      .map(({ prize }) => call(deps, to, claimPrize(prize), `Claim prize ${prize + 1}`)),
  ];
  if (calls.length === 0) throw OpinionsError.nothing_to_claim({ market: market.id, owner });
  return { calls };
}

const approve = (deps: Prepare, amount: bigint, purpose: string): Call =>
  call(
    deps,
    deps.addresses.collateral,
    encodeFunctionData({
      abi: testDollarAbi,
      functionName: "approve",
      args: [deps.addresses.opinions, amount],
    }),
    purpose,
  );

/** The contract's words have 45 bits. */
export function stakeIn(text: string): Amount {
  const units = amountIn(text);
  const most = (1n << 45n) - 1n;
  if (units > most) throw MarketsError.bad_amount({ amount: text, most });
  return units as Amount;
}
