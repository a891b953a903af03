import { stakeManagerAbi } from "@sooth/abi";
import type { BlockRef } from "@sooth/chain";
import { type Executor, one, sql } from "@sooth/store";
import { encodeFunctionData, keccak256, stringToBytes } from "viem";
import { type EpochOutlook, nameOfSeats, seatWeights, type SignerSet } from "../core/index.ts";
import { oracleLimits } from "./contract.ts";
import type { WorkerDeps } from "./deps.ts";
import { send, type Wanted } from "./send.ts";
import { nextSigners } from "./signer-sets.ts";

/** Whom the next epoch of a domain would seat at `head`, and when the contract allows it to begin. */
export async function epochOutlook(
  deps: WorkerDeps,
  domain: number,
  current: SignerSet,
  head: BlockRef,
): Promise<EpochOutlook> {
  const { db } = deps.store;
  const limits = await oracleLimits(deps.hub, deps.addresses);
  const active = await nextSigners(db, domain, { now: head.timestamp, ...limits });
  const { weights } = seatWeights(active);
  const startedAt = current.epoch === 0 ? 0 : await startOf(db, domain, current.epoch);
  return {
    current,
    next: active.map(({ signer }, index) => ({ signer, weight: weights[index] ?? 0n })),
    startedAt,
    allowedAt: current.epoch === 0 ? 0 : startedAt + limits.epochSeconds,
    firstTakes: deps.config.ORACLE_MIN_PROVIDERS,
  };
}

async function startOf(db: Executor, domain: number, epoch: number): Promise<number> {
  const started = await one<{ at: number }>(
    db,
    sql`select at from oracle.epochs where domain = ${domain} and epoch = ${epoch}`,
  );
  return started?.at ?? 0;
}

/** The transaction that begins the next epoch. A set that changed again before it was seated is another transaction. */
export const epochCall = (
  { addresses }: Pick<WorkerDeps, "addresses">,
  domain: number,
  { current, next }: EpochOutlook,
): Wanted => ({
  key: `oracle:epoch:${domain}:${current.epoch + 1}:${keccak256(stringToBytes(nameOfSeats(next))).slice(2, 18)}`,
  to: addresses.stakeManager,
  data: encodeFunctionData({ abi: stakeManagerAbi, functionName: "advanceEpoch", args: [domain] }),
  purpose: "epoch",
});

/**
 * Asks for the next epoch of a domain when those who would be seated differ from those who are, and the contract allows it. The
 * first set waits for ORACLE_MIN_PROVIDERS: with fewer, the first to stake would answer alone for a whole epoch.
 */
export async function advanceEpoch(
  deps: WorkerDeps,
  domain: number,
  current: SignerSet,
  head: BlockRef,
): Promise<void> {
  const outlook = await epochOutlook(deps, domain, current, head);
  const { next, allowedAt, firstTakes } = outlook;
  if (current.epoch === 0 && next.length < firstTakes) return;
  if (nameOfSeats(next) === nameOfSeats(current.seats) || head.timestamp < allowedAt) return;
  await send(deps, epochCall(deps, domain, outlook));
}
