import { opinionsAbi } from "@sooth/abi";
import { AppError, type Hex, need } from "@sooth/kernel";
import { chainTime, questionById } from "@sooth/oracle";
import { encodeFunctionData, keccak256 } from "viem";
import type { z } from "zod";
import {
  doorOf,
  MarketsError,
  type OpinionIntent,
  opinionIntentFromWire,
  OpinionsError,
  opinionTermsHash,
  type wireRelayed,
  type wireRelayOpinion,
} from "../../core/index.ts";
import type { Deps } from "../deps.ts";
import {
  checkDeadline,
  checkPermit,
  enqueueRelay,
  MAX_UINT256,
  permitArgs,
  refuseWhilePending,
  type Relay,
  relayByKey,
  relayed,
  takenByContract,
} from "../relay.ts";
import { opinionPurse } from "./contract.ts";
import { opinionMarketOr404, type StoredOpinionMarket } from "./market-rows.ts";
import { checkOpinion, checkRoom, checkSeal } from "./opinion-checks.ts";
import { stakeIn } from "./prepare.ts";
import { oneAtATime } from "./under-way.ts";

type RelayOpinion = z.infer<typeof wireRelayOpinion>;
type WireRelayed = z.infer<typeof wireRelayed>;

/** Takes a signed opinion into the outbox. The same one again is the same relay. @throws opinions.*, markets.* that say why not */
export async function relayOpinion(deps: Deps, asked: RelayOpinion): Promise<WireRelayed> {
  try {
    const done = await accept(deps, asked);
    relayed.inc({ result: "accepted" });
    return done;
  } catch (error) {
    const told = error instanceof AppError && error.status < 500;
    relayed.inc({ result: told ? error.code.replace(/^(markets|opinions)\./, "") : "internal" });
    throw error;
  }
}

async function accept(deps: Deps, asked: RelayOpinion): Promise<WireRelayed> {
  const { db } = deps.store;
  if (deps.config.MARKETS_RELAY === "off") throw MarketsError.relay_off(undefined);
  const intent: OpinionIntent = {
    ...opinionIntentFromWire(asked.intent),
    amount: stakeIn(asked.intent.amount),
  };
  const { owner, nonce } = intent;
  if (nonce < 0n || nonce > MAX_UINT256) throw OpinionsError.bad_nonce({ owner, expected: 0n, got: nonce });
  const market = await opinionMarketOr404(db, intent.market);
  const relay = relayOf(deps, market, intent, asked);
  const known = await relayByKey(db, relay.outboxKey);
  if (known) return known;
  try {
    await check(deps, market, { intent, asked, relay });
  } catch (error) {
    // The same request may have been taken while this one was checked: then that is its answer, not that it is too late.
    const taken = await relayByKey(db, relay.outboxKey);
    if (taken) return taken;
    throw error;
  }
  const [now, question] = await Promise.all([chainTime(deps.hub), questionById(db, market.terms.question)]);
  return deps.store.transaction(async (tx) => {
    await oneAtATime(tx, market.id);
    const taken = await relayByKey(tx, relay.outboxKey);
    if (taken) return taken;
    await checkRoom(tx, market, need(question, `question of market ${market.id}`), intent);
    return enqueueRelay(deps, tx, relay, now);
  });
}

type Asked = { intent: OpinionIntent; asked: RelayOpinion; relay: Relay };

/** Everything that the contract would refuse, and what would only fail later. */
async function check(
  deps: Deps,
  market: StoredOpinionMarket,
  { intent, asked, relay }: Asked,
): Promise<void> {
  const { hub, addresses, store } = deps;
  const { owner, nonce, amount } = intent;
  const [now, purse] = await Promise.all([chainTime(hub), opinionPurse(hub, addresses, owner)]);
  checkDeadline(intent, now);
  await checkOpinion(deps, market, intent, { now, purse });
  await checkSeal(deps, market, intent);
  if (nonce !== purse.nonce) throw OpinionsError.bad_nonce({ owner, expected: purse.nonce, got: nonce });
  if (purse.allowance < amount) checkPermit(asked.permit, intent, purse.allowance, now);
  await refuseWhilePending(store.db, relay);
  await simulate(deps, { market, intent, asked });
}

const callArgs = (market: StoredOpinionMarket, intent: OpinionIntent, asked: RelayOpinion) => {
  const { sealed, amount, ...rest } = intent;
  return [
    opinionTermsHash(market.terms),
    doorOf(market.terms),
    { ...rest, amount: Number(amount) },
    sealed,
    asked.signature as Hex,
    permitArgs(asked.permit),
  ] as const;
};

function relayOf(deps: Deps, market: StoredOpinionMarket, intent: OpinionIntent, asked: RelayOpinion): Relay {
  const data = encodeFunctionData({
    abi: opinionsAbi,
    functionName: "stakeBySig",
    args: callArgs(market, intent, asked),
  });
  const { owner, nonce, amount } = intent;
  const outboxKey = `opinions:stake:${market.id}:${owner.toLowerCase()}:${nonce}:${keccak256(data)}`;
  return { to: deps.addresses.opinions, data, outboxKey, market: market.id, owner, nonce, amount };
}

const simulate = (
  { hub, addresses }: Deps,
  { market, intent, asked }: { market: StoredOpinionMarket; intent: OpinionIntent; asked: RelayOpinion },
): Promise<void> =>
  takenByContract(asked, intent.owner, (gas) =>
    hub.client.simulateContract({
      address: addresses.opinions,
      abi: opinionsAbi,
      functionName: "stakeBySig",
      args: callArgs(market, intent, asked),
      gas,
    }),
  );
