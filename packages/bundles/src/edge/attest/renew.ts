import { attestersAbi, stakeManagerAbi } from "@sooth/abi";
import type { Addresses, Chain } from "@sooth/chain";
import type { Hex } from "@sooth/kernel";
import { encodeFunctionData } from "viem";
import { type AttestedBatch, encodeEvidence, type Fact } from "../../core/index.ts";
import { attesterLimits, attestersOn } from "./attester-set.ts";

/**
 * What a chain lacks to go on believing its attesters: the hub the stake manager's set, or its own word that it is the same
 * still; a rollup the set after its own, or a day on which its own was the hub's.
 */
export type Renewal =
  | { what: "adopt" }
  | { what: "rotate"; fact: Fact & { kind: "seated" } }
  | { what: "renew"; fact: Fact & { kind: "current" } };
export type RenewDeps = {
  hub: Chain;
  rollups: readonly Chain[];
  addresses: Addresses;
};

const DAY = 86_400;
type Standing = { epoch: number; renewedAt: number; now: number };

/** What is due on a chain now; null: nothing, and it may be asked again at any time. */
export async function dueRenewal(deps: RenewDeps, chain: Chain): Promise<Renewal | null> {
  const { hub, addresses } = deps;
  const [atHub, staked] = await Promise.all([standing(hub, addresses), stakedEpoch(deps)]);
  if (chain === hub) {
    const isOld = staked === atHub.epoch && atHub.now - atHub.renewedAt >= DAY;
    return staked !== 0 && (staked !== atHub.epoch || isOld) ? { what: "adopt" } : null;
  }
  // Attesters say nothing of sets until the hub itself has the newest.
  if (staked !== atHub.epoch) return null;
  const own = await standing(chain, addresses);
  // Who sits first says the deployer.
  if (own.epoch === 0) return null;
  // A set that is named is as old as the one before: its days first, or where sets change daily all would grow old.
  const day = await lastDayOf(deps, own.epoch, atHub, own.now);
  if (day !== null && day * DAY > own.renewedAt)
    return { what: "renew", fact: { kind: "current", day, epoch: own.epoch } };
  if (own.epoch >= atHub.epoch) return null;
  const { epoch, totalWeight, seats } = await attestersOn(hub, addresses.attesters);
  // Nobody can sign for it, so rollups stay with those of before for as long as they may sign.
  if (seats.length === 0) return null;
  const fact = { kind: "seated" as const, epoch, totalWeight, seats: seats.map(seatOf) };
  return { what: "rotate", fact };
}

/** The call of `Attesters` that does it. `batch`: of the renewal's fact, when it has one. */
export function renewalData(renewal: Renewal, batch: AttestedBatch | null): Hex {
  if (renewal.what === "adopt") return encodeFunctionData({ abi: attestersAbi, functionName: "adopt" });
  const evidence = batch === null ? "0x" : encodeEvidence(batch);
  if (renewal.what === "renew") {
    const { day, epoch } = renewal.fact;
    return encodeFunctionData({ abi: attestersAbi, functionName: "renew", args: [day, epoch, evidence] });
  }
  const { epoch, totalWeight, seats } = renewal.fact;
  const words = seats.map(({ key, weight }) => (BigInt(key) << 96n) | weight);
  const args = [epoch, totalWeight, words, evidence] as const;
  return encodeFunctionData({ abi: attestersAbi, functionName: "rotate", args });
}

const seatOf = ({ signer, weight }: { signer: Hex; weight: bigint }) => ({ key: signer, weight });

async function standing(chain: Chain, { attesters }: Addresses): Promise<Standing> {
  const contract = { address: attesters, abi: attestersAbi } as const;
  const [epoch, now] = await Promise.all([
    chain.client.readContract({ ...contract, functionName: "currentEpoch" }),
    chain.now(),
  ]);
  const [, renewedAt] = await chain.client.readContract({
    ...contract,
    functionName: "epochOf",
    args: [epoch],
  });
  return { epoch, renewedAt, now };
}

async function stakedEpoch({ hub, addresses }: RenewDeps): Promise<number> {
  const { domain } = await attesterLimits(hub, addresses);
  const [, epoch] = await hub.client.readContract({
    address: addresses.stakeManager,
    abi: stakeManagerAbi,
    functionName: "signerSet",
    args: [domain],
  });
  return epoch;
}

/** The last day, of those that began on both chains, in whose first second this epoch was the hub's; null: there is none yet. */
async function lastDayOf(
  { hub, addresses }: RenewDeps,
  epoch: number,
  atHub: Standing,
  now: number,
): Promise<number | null> {
  const beganAt = (one: number) =>
    hub.client.readContract({
      address: addresses.attesters,
      abi: attestersAbi,
      functionName: "beganAt",
      args: [one],
    });
  const from = await beganAt(epoch);
  let until = Math.min(atHub.now, now);
  // Epochs that nobody adopted in time are left out there.
  for (let next = epoch + 1; next <= atHub.epoch; next++) {
    const began = await beganAt(next);
    if (began === 0) continue;
    until = Math.min(until, began - 1);
    break;
  }
  const day = Math.floor(until / DAY);
  return from !== 0 && day * DAY >= from ? day : null;
}
