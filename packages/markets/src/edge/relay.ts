import { marketsAbi } from "@sooth/abi";
import { enqueueTransaction, type OutboxStatus, transactionStatus } from "@sooth/chain";
import { type Address, type Amount, AppError, appErrorIn, type Hex } from "@sooth/kernel";
import { chainTime } from "@sooth/oracle";
import { alert, counter } from "@sooth/runtime";
import { type Executor, one, rows, sql } from "@sooth/store";
import { encodeFunctionData, keccak256, parseSignature } from "viem";
import type { z } from "zod";
import {
  fromContractError,
  fromRevertData,
  intentFromWire,
  MarketsError,
  type StakeIntent,
  type wireRelayed,
  type wireRelayStake,
} from "../core/index.ts";
import { marketsConstants, purseOf } from "./contract.ts";
import type { Deps } from "./deps.ts";
import { marketById } from "./market-rows.ts";
import { amountIn } from "./prepare.ts";
import { limitRelays, PURPOSE, RELAY_GAS } from "./relay-limits.ts";
import { checkNoJudge, checkStake } from "./stake-checks.ts";

export const relayed = counter(
  "markets_relayed_total",
  "Stakes asked to be relayed, by what became of them",
  ["result"],
);
export const relayFailsAlert = alert({
  id: "markets.relay_fails",
  severity: "ticket",
  forSeconds: 300,
  when: `increase(${relayed.metric}{result="internal"}[10m]) > 0`,
  runbook: "docs/runbooks/markets.md#relay-fails",
});

type RelayStake = z.infer<typeof wireRelayStake>;
type WireRelayed = z.infer<typeof wireRelayed>;
/** A call that is sent for an owner. `market` and `nonce` are of the contract at `to`. */
export type Relay = {
  to: Address;
  outboxKey: string;
  data: Hex;
  market: Hex;
  owner: Address;
  nonce: bigint;
  /** What it stakes, where that counts against a room before it is mined. */
  amount?: Amount;
};

/** Longer, and an owner who changed his mind would wait for a stake that may still come. */
const MAX_INTENT_SECONDS = 3_600;
export const MAX_UINT256 = (1n << 256n) - 1n;

/** Takes a signed stake into the outbox. The same one again is the same relay. @throws markets.* that says why not */
export async function relayStake(deps: Deps, asked: RelayStake): Promise<WireRelayed> {
  try {
    const done = await accept(deps, asked);
    relayed.inc({ result: "accepted" });
    return done;
  } catch (error) {
    const told = error instanceof AppError && error.status < 500;
    relayed.inc({ result: told ? error.code.replace(/^markets\./, "") : "internal" });
    throw error;
  }
}

async function accept(deps: Deps, asked: RelayStake): Promise<WireRelayed> {
  const { db } = deps.store;
  if (deps.config.MARKETS_RELAY === "off") throw MarketsError.relay_off(undefined);
  const amount = amountIn(asked.intent.amount);
  const intent: StakeIntent = { ...intentFromWire(asked.intent), amount };
  const { owner, nonce } = intent;
  if (nonce < 0n || nonce > MAX_UINT256) throw MarketsError.bad_nonce({ owner, expected: 0n, got: nonce });
  const relay = relayOf(deps, intent, asked);
  const known = await relayByKey(db, relay.outboxKey);
  if (known) return known;
  try {
    await check(deps, intent, asked, relay);
  } catch (error) {
    // The same request may have been taken while this one was checked: then that is its answer, not that it is too late.
    const taken = await relayByKey(db, relay.outboxKey);
    if (taken) return taken;
    throw error;
  }
  const now = await chainTime(deps.hub);
  return deps.store.transaction((tx) => enqueueRelay(deps, tx, relay, now));
}

/** Everything that the contract would refuse, and what would only fail later. */
async function check(deps: Deps, intent: StakeIntent, asked: RelayStake, relay: Relay): Promise<void> {
  const { market: id, owner, nonce, amount } = intent;
  const { db } = deps.store;
  const [market, now, constants, purse] = await Promise.all([
    marketById(db, id),
    chainTime(deps.hub),
    marketsConstants(deps.hub, deps.addresses),
    purseOf(deps.hub, deps.addresses, owner),
  ]);
  if (!market) throw MarketsError.unknown({ market: id });
  checkDeadline(intent, now);
  await checkNoJudge(db, market, owner);
  checkStake(market, intent, { now, purse, minStake: constants.minStake });
  if (nonce !== purse.nonce) throw MarketsError.bad_nonce({ owner, expected: purse.nonce, got: nonce });
  if (purse.allowance < amount) checkPermit(asked.permit, intent, purse.allowance, now);
  await refuseWhilePending(db, relay);
  await simulate(deps, intent, asked);
}

export function checkDeadline({ deadline }: { deadline: number }, now: number): void {
  if (deadline <= now) throw MarketsError.intent_expired({ deadline });
  const latest = now + MAX_INTENT_SECONDS;
  if (deadline > latest) throw MarketsError.intent_too_long({ deadline, latest });
}

export function checkPermit(
  permit: RelayStake["permit"],
  { owner, amount }: { owner: Address; amount: bigint },
  allowance: bigint,
  now: number,
): void {
  if (permit === null) throw MarketsError.allowance_too_small({ owner, allowance, amount });
  if (BigInt(permit.value) < amount || BigInt(permit.value) > MAX_UINT256)
    throw MarketsError.bad_permit({ what: "its value does not cover the stake" });
  if (BigInt(permit.deadline) < BigInt(now) || BigInt(permit.deadline) > MAX_UINT256)
    throw MarketsError.bad_permit({ what: "its deadline is over" });
}

const NO_PERMIT = {
  value: 0n,
  deadline: 0n,
  v: 0,
  r: `0x${"0".repeat(64)}`,
  s: `0x${"0".repeat(64)}`,
} as const;

/** A deadline of 0 tells the contract that there is no permit, so a permit that says 0 is none. */
export function permitArgs(permit: RelayStake["permit"]) {
  if (permit === null) return NO_PERMIT;
  const { r, s, v, yParity } = signatureParts(permit.signature as Hex);
  return {
    value: BigInt.asUintN(256, BigInt(permit.value)),
    deadline: BigInt.asUintN(256, BigInt(permit.deadline)),
    v: Number(v ?? BigInt(yParity + 27)),
    r,
    s,
  };
}

function signatureParts(signature: Hex) {
  try {
    return parseSignature(signature);
  } catch (error) {
    throw MarketsError.bad_permit({ what: "its signature is none" }, { cause: error });
  }
}

const callArgs = (intent: StakeIntent, asked: RelayStake) =>
  [intent, asked.signature as Hex, permitArgs(asked.permit)] as const;

function relayOf(deps: Deps, intent: StakeIntent, asked: RelayStake): Relay {
  const data = encodeFunctionData({
    abi: marketsAbi,
    functionName: "stakeBySig",
    args: callArgs(intent, asked),
  });
  const { market, owner, nonce } = intent;
  const outboxKey = `markets:stake:${market}:${owner.toLowerCase()}:${nonce}:${keccak256(data)}`;
  return { to: deps.addresses.markets, data, outboxKey, market, owner, nonce };
}

const simulate = ({ hub, addresses }: Deps, intent: StakeIntent, asked: RelayStake): Promise<void> =>
  takenByContract(asked, intent.owner, (gas) =>
    hub.client.simulateContract({
      address: addresses.markets,
      abi: marketsAbi,
      functionName: "stakeBySig",
      args: callArgs(intent, asked),
      gas,
    }),
  );

/**
 * Asks the contract itself, which also knows the signatures of contract wallets (ERC-1271). A permit that it could not
 * use shows as a transfer that fails.
 * @param call with no more than so much gas
 * @throws what the contract answered, markets.bad_permit, markets.relay_too_costly, chain.rpc_unreachable
 */
export async function takenByContract(
  { permit }: Pick<RelayStake, "permit">,
  owner: Address,
  call: (gas?: bigint) => Promise<unknown>,
): Promise<void> {
  try {
    return void (await call(RELAY_GAS));
  } catch (error) {
    if (appErrorIn(error)?.code === "chain.rpc_unreachable") throw error;
  }
  try {
    // A wallet that runs out of gas looks like one that refuses its owner's signature: without the limit it shows which.
    await call();
  } catch (thrown) {
    const error = fromContractError(thrown);
    if (error?.code === "markets.transfer_from_failed" && permit !== null)
      throw MarketsError.bad_permit(
        { what: "the collateral does not accept its signature" },
        { cause: thrown },
      );
    throw error ?? thrown;
  }
  throw MarketsError.relay_too_costly({ owner, gas: RELAY_GAS });
}

/** Pools and opinions count nonces each for themselves. */
const contractIn = (outboxKey: string): string => outboxKey.slice(0, outboxKey.indexOf(":"));

/** The contract counts nonces, so stakes of one owner go one after the other. */
export async function refuseWhilePending(db: Executor, { owner, nonce, outboxKey }: Relay): Promise<void> {
  const others = await rows<{ id: string; outbox_key: string }>(
    db,
    sql`select id, outbox_key from markets.relayed where owner = ${owner.toLowerCase()} and nonce = ${String(nonce)}`,
  );
  const contract = contractIn(outboxKey);
  for (const other of others) {
    if (contractIn(other.outbox_key) !== contract) continue;
    const status = await transactionStatus(db, other.outbox_key);
    if (status && status.status !== "failed") throw MarketsError.stake_pending({ owner, relay: other.id });
  }
}

export async function enqueueRelay(
  deps: Deps,
  tx: Executor,
  relay: Relay,
  now: number,
): Promise<WireRelayed> {
  const owner = relay.owner.toLowerCase() as Address;
  // Two requests of one owner at once would each find nothing pending.
  await sql`select pg_advisory_xact_lock(hashtextextended(${`markets.relay:${owner}`}, 0))`.execute(tx);
  const known = await relayByKey(tx, relay.outboxKey);
  if (known) return known;
  await refuseWhilePending(tx, relay);
  await limitRelays(deps, tx, owner);
  const { id } = await enqueueTransaction(tx, {
    chainId: deps.hub.definition.id,
    key: relay.outboxKey,
    to: relay.to,
    data: relay.data,
    purpose: PURPOSE,
    priority: 2,
    gasLimit: RELAY_GAS,
  });
  await sql`insert into markets.relayed (id, outbox_key, market, owner, nonce, at, amount)
    values (${id}, ${relay.outboxKey}, ${relay.market}, ${owner}, ${String(relay.nonce)}, ${now},
      ${relay.amount === undefined ? null : String(relay.amount)})`.execute(tx);
  return { id, status: "queued", transaction: null, error: null };
}

/** How far a relayed stake is; undefined when it was never taken. */
export async function relayById(db: Executor, id: string): Promise<WireRelayed | undefined> {
  const row = await one<{ key: string }>(
    db,
    sql`select outbox_key as key from markets.relayed where id = ${id}`,
  );
  return row && relayByKey(db, row.key);
}

export async function relayByKey(db: Executor, key: string): Promise<WireRelayed | undefined> {
  const status = await transactionStatus(db, key);
  return status && toWire(status);
}

const toWire = ({ id, status, transaction, error }: OutboxStatus): WireRelayed => ({
  id,
  status: status === "final" ? "mined" : status,
  transaction,
  error: error && reasonOf(error),
});

function reasonOf({ data, text }: NonNullable<OutboxStatus["error"]>): { code: string; message: string } {
  const told = data === null ? null : fromRevertData(data);
  const { code, message } = told ?? MarketsError.relay_failed({ reason: text });
  return { code, message };
}
