import { oracleAbi, stakeManagerAbi, testDollarAbi } from "@sooth/abi";
import { type Addresses, askedOnce, type Chain } from "@sooth/chain";
import type { Address } from "@sooth/kernel";
import { zeroAddress } from "viem";
import type { z } from "zod";
import { domainsOf, MAX_SEATS, type Placed, type wireProviderRules } from "../core/index.ts";

type Rules = z.infer<typeof wireProviderRules>;
type On = { hub: Chain; addresses: Addresses };

const STATES = ["none", "active", "unbonding"] as const;
const manager = ({ addresses }: On) => ({ address: addresses.stakeManager, abi: stakeManagerAbi }) as const;

const rules = askedOnce(async (hub, addresses): Promise<Rules> => {
  const { client } = hub;
  const on = { hub, addresses };
  const [minStake, unbondingSeconds, epochSeconds] = await Promise.all([
    client.readContract({ ...manager(on), functionName: "MIN_STAKE" }),
    client.readContract({ ...manager(on), functionName: "UNBONDING_SECONDS" }),
    client.readContract({ ...manager(on), functionName: "EPOCH_SECONDS" }),
  ]);
  return { minStake: String(minStake), unbondingSeconds, epochSeconds, seatsPerDomain: MAX_SEATS };
});

/** @throws chain.rpc_unreachable */
export const providerRules = ({ hub, addresses }: On): Promise<Rules> => rules(hub, addresses);

/** A provider as the chain has him in this block: what a wallet is about to sign must not rest on rows that lag behind. */
export async function stakeOf(on: On, owner: Address) {
  const provider = await on.hub.client.readContract({
    ...manager(on),
    functionName: "providerOf",
    args: [owner],
  });
  return { ...provider, state: STATES[provider.state] ?? "none" };
}

/** Owners whom the next epoch of `domain` seats, with their stakes of this block. */
export async function seatedNext(on: On, domain: number): Promise<Placed[]> {
  const roster = await on.hub.client.readContract({
    ...manager(on),
    functionName: "rosterOf",
    args: [domain],
  });
  return Promise.all(roster.map(async (owner) => ({ owner, stake: (await stakeOf(on, owner)).stake })));
}

/** Who named `signer` first; undefined while nobody has. */
export async function namedBy(on: On, signer: Address): Promise<Address | undefined> {
  const owner = await on.hub.client.readContract({
    ...manager(on),
    functionName: "ownerOf",
    args: [signer],
  });
  return owner === zeroAddress ? undefined : owner;
}

/** When the signer sets of these domains may next change: the last of them. Unix seconds, 0 without any. */
export async function epochsEnd(on: On, kinds: number): Promise<number> {
  const ends = await Promise.all(
    domainsOf(kinds).map((domain) =>
      on.hub.client.readContract({ ...manager(on), functionName: "epochEndsAt", args: [domain] }),
    ),
  );
  return Math.max(0, ...ends);
}

/** Collateral that the oracle holds for `account`. */
export const creditOnChain = ({ hub, addresses }: On, account: Address): Promise<bigint> =>
  hub.client.readContract({
    address: addresses.oracle,
    abi: oracleAbi,
    functionName: "creditOf",
    args: [account],
  });

/** Slashed collateral that the stake manager holds for `account`: what he showed, and what was saved for him. */
export const slashedCredit = (on: On, account: Address): Promise<bigint> =>
  on.hub.client.readContract({ ...manager(on), functionName: "slashedCreditOf", args: [account] });

/** What the stake manager may take of `owner`'s collateral. */
export const stakeAllowance = ({ hub, addresses }: On, owner: Address): Promise<bigint> =>
  hub.client.readContract({
    address: addresses.collateral,
    abi: testDollarAbi,
    functionName: "allowance",
    args: [owner, addresses.stakeManager],
  });
