import { bundleHubAbi, stakeManagerAbi, testDollarAbi } from "@sooth/abi";
import {
  type Addresses,
  beginAttesting,
  type Chain,
  chainById,
  type DeployParams,
  deploy,
  localParams,
  openChain,
  walletOf,
} from "@sooth/chain";
import { type Anvil, devAccount, startAnvil } from "@sooth/chain/local-node";
import { type Address, type Hex, need } from "@sooth/kernel";
import { ensureJoined } from "@sooth/oracle";
import { createTestClient, http, type LocalAccount, publicActions } from "viem";
import {
  type Bundle,
  bundleId,
  encodeLegs,
  type Leg,
  legHash,
  legsHashOf,
  MODES,
  STANDALONE,
} from "../src/core/index.ts";

export const HUB = 31_337;
export const ROLLUP_A = 31_338;
export const ROLLUP_B = 31_339;
export const deployer = devAccount(0);
/** Owners of the providers, and the keys that they sign with. */
export const owners = [1, 2, 3, 4].map((index) => devAccount(index));
export const keys = [11, 12, 13, 14].map((index) => devAccount(index));
export const alice = devAccount(6);
export const relayer = devAccount(9);

const ORACLE_DOMAIN = 1;
const DOLLARS = 1_000_000n;
const STAKE = 1_000n * DOLLARS;

export type ChainStage = { chain: Chain; rpcUrl: string; node: ReturnType<typeof nodeOf> };
export type BundleStage = {
  addresses: Addresses;
  params: DeployParams;
  hub: ChainStage;
  rollups: readonly [ChainStage, ChainStage];
  at(chainId: number): ChainStage;
  /** Sends a call and waits until it is mined; the hash of its block. */
  send(
    chainId: number,
    account: LocalAccount,
    call: {
      address: Address;
      abi: readonly unknown[];
      functionName: string;
      args: readonly unknown[];
      value?: bigint;
    },
  ): Promise<Hex>;
  /** Opens a bundle of alice's; `shown`: with its legs in the log. */
  open(bundle: Bundle, legs: readonly Leg[], shown?: boolean): Promise<Hex>;
  close(): Promise<void>;
};

const nodeOf = (chainId: number, rpcUrl: string) =>
  createTestClient({ mode: "anvil", chain: chainById(chainId).viem, transport: http(rpcUrl) }).extend(
    publicActions,
  );

/**
 * A hub and two rollups with the contracts; four providers of equal weight attest. A block for each transaction, at once; with
 * `blockSeconds` one after so much time, once everything stands.
 */
export async function openBundleStage(
  over: Partial<DeployParams> = {},
  blockSeconds?: number,
): Promise<BundleStage> {
  const ids = [HUB, ROLLUP_A, ROLLUP_B];
  const anvils: Anvil[] = await Promise.all(ids.map((chainId) => startAnvil({ chainId })));
  const stages = ids.map((id, index): ChainStage => {
    const { rpcUrl } = need(anvils[index], "a node");
    const definition = { ...chainById(id), pollMs: 20 };
    return { chain: openChain({ definition, rpcUrls: [rpcUrl] }), rpcUrl, node: nodeOf(id, rpcUrl) };
  });
  const [hub, a, b] = stages as [ChainStage, ChainStage, ChainStage];
  const params = { ...localParams, minStake: STAKE, ...over };
  const [{ addresses }] = await Promise.all([
    deploy({ chain: hub.chain, account: deployer, params, role: "hub" }),
    ...[a, b].map(({ chain }) => deploy({ chain, account: deployer, params, role: "rollup" })),
  ]);
  const at = (chainId: number) => need(stages[ids.indexOf(chainId)], `chain ${chainId}`);
  const send: BundleStage["send"] = async (chainId, account, call) => {
    const { chain, node } = at(chainId);
    const hash = await walletOf(chain, account).writeContract(
      call as Parameters<ReturnType<typeof walletOf>["writeContract"]>[0],
    );
    const receipt = await node.waitForTransactionReceipt({ hash, pollingInterval: 10 });
    if (receipt.status !== "success") throw new Error(`${call.functionName} reverted`);
    return receipt.blockHash;
  };
  for (const owner of owners)
    await send(HUB, owner, {
      address: addresses.collateral,
      abi: testDollarAbi,
      functionName: "faucet",
      args: [owner.address],
    });
  const kinds = ORACLE_DOMAIN | (1 << params.bundles.domain);
  for (const [index, owner] of owners.entries())
    await ensureJoined({
      chain: hub.chain,
      addresses,
      owner,
      signer: need(keys[index], "a key"),
      stake: STAKE,
      kinds,
    });
  await send(HUB, deployer, {
    address: addresses.stakeManager,
    abi: stakeManagerAbi,
    functionName: "advanceEpoch",
    args: [params.bundles.domain],
  });
  await beginAttesting({ hub: hub.chain, rollups: [a.chain, b.chain], account: deployer, params });
  if (blockSeconds !== undefined)
    for (const { node } of stages) {
      await node.setAutomine(false);
      await node.setIntervalMining({ interval: blockSeconds });
    }
  return {
    addresses,
    params,
    hub,
    rollups: [a, b],
    at,
    send,
    open: async (bundle, legs, shown = true) => {
      await send(HUB, alice, {
        address: addresses.bundleHub,
        abi: bundleHubAbi,
        functionName: "open",
        args: [{ ...bundle, mode: MODES.indexOf(bundle.mode) }, shown ? encodeLegs(legs) : "0x"],
        value: bundle.fee,
      });
      return bundleId({ chainId: HUB, hub: addresses.bundleHub }, bundle);
    },
    close: async () => {
      await Promise.all(stages.map(({ chain }) => chain.close()));
      await Promise.all(anvils.map((anvil) => anvil.stop()));
    },
  };
}

let salts = 0n;
export const leg = (over: Partial<Leg> & Pick<Leg, "chainId" | "target">): Leg => ({
  kind: "shared",
  value: 0n,
  gasLimit: 200_000,
  data: "0x",
  ...STANDALONE,
  salt: `0x${"00".repeat(32)}`,
  ...over,
});
/** A header of alice's for these legs, other than all before. */
export const bundleOf = (legs: readonly Leg[], deadline: number, over: Partial<Bundle> = {}): Bundle => ({
  owner: alice.address.toLowerCase() as Address,
  mode: "ordered",
  legs: legs.length,
  deadline,
  legsHash: legsHashOf(legs.map(legHash)),
  fee: 10n ** 15n,
  salt: ++salts,
  ...over,
});
