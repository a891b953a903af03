import { stakeManagerAbi } from "@sooth/abi";
import type { BlockRef } from "@sooth/chain";
import type { Hex } from "@sooth/kernel";
import { one, sql } from "@sooth/store";
import { encodeFunctionData, keccak256, stringToBytes } from "viem";
import { type Seat, type SignerSet, seatWeights } from "../core/index.ts";
import { oracleLimits } from "./contract.ts";
import type { WorkerDeps } from "./deps.ts";
import { send } from "./send.ts";
import { nextSigners } from "./signer-sets.ts";

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
  const { db } = deps.store;
  const limits = await oracleLimits(deps.hub, deps.addresses);
  const active = await nextSigners(db, domain, { now: head.timestamp, ...limits });
  if (current.epoch === 0 && active.length < deps.config.ORACLE_MIN_PROVIDERS) return;
  const { weights } = seatWeights(active);
  const next = nameOf(active.map(({ signer }, index) => ({ signer, weight: weights[index] ?? 0n })));
  if (next === nameOf(current.seats)) return;
  if (current.epoch > 0) {
    const started = await one<{ at: number }>(
      db,
      sql`select at from oracle.epochs where domain = ${domain} and epoch = ${current.epoch}`,
    );
    if (head.timestamp < (started?.at ?? 0) + limits.epochSeconds) return;
  }
  await send(deps, {
    // A set that changed again before it was seated is another transaction.
    key: `oracle:epoch:${domain}:${current.epoch + 1}:${next.slice(2, 18)}`,
    to: deps.addresses.stakeManager,
    data: encodeFunctionData({ abi: stakeManagerAbi, functionName: "advanceEpoch", args: [domain] }),
    purpose: "epoch",
  });
}

/** One name for sets of the same members and weights, whatever their order. */
const nameOf = (seats: readonly Seat[]): Hex =>
  keccak256(
    stringToBytes(
      seats
        .map(({ signer, weight }) => `${signer.toLowerCase()}:${weight}`)
        .toSorted()
        .join(),
    ),
  );
