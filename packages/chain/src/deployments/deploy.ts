import type { Hex } from "@sooth/kernel";
import { type LocalAccount, concatHex, zeroHash } from "viem";
import { ChainError } from "../chain-error.ts";
import { isLocal } from "../chains/index.ts";
import type { Chain } from "../rpc/chain.ts";
import {
  type Addresses,
  type DeployParams,
  type PlannedContract,
  DEPLOYMENT_PROXY,
  computeAddresses,
  plan,
  testDollar,
} from "./contracts.ts";

export type DeployOptions = {
  chain: Chain;
  account: LocalAccount;
  params: DeployParams;
  /** The hub gets every contract, a rollup the test dollar alone. */
  role: "hub" | "rollup";
  onStep?: (text: string) => void;
};
/** `startBlock`: no log of these contracts is older, so followers start there. */
export type Deployment = { addresses: Addresses; startBlock: number; deployed: string[] };

/**
 * Sends what is missing and waits until it is there. What has code already is passed over: an address is made of the
 * code and its parameters, so nothing else can be there.
 * @throws chain.no_proxy, chain.deploy_failed
 */
export async function deploy(o: DeployOptions): Promise<Deployment> {
  const wanted = o.role === "hub" ? plan(o.params) : o.params.collateral === undefined ? [testDollar] : [];
  const { client, definition } = o.chain;
  if (!(await hasCode(o.chain, DEPLOYMENT_PROXY)))
    throw ChainError.no_proxy({ chain: definition.name, address: DEPLOYMENT_PROXY });
  const there = await Promise.all(wanted.map(({ address }) => hasCode(o.chain, address)));
  const missing = wanted.filter((_, index) => !there[index]);
  if (missing.length > 0)
    o.onStep?.(`deploying ${missing.map(({ name }) => name).join(", ")} on ${definition.name}`);
  const first = wanted.find((contract) => !missing.includes(contract));
  const startBlock = first ? await firstBlockWith(o.chain, first) : Number(await client.getBlockNumber());
  for (const contract of missing) await send(o, contract);
  return {
    addresses: computeAddresses(o.params),
    startBlock,
    deployed: missing.map(({ name }) => name),
  };
}

async function send(o: DeployOptions, contract: PlannedContract): Promise<void> {
  const { client, definition } = o.chain;
  const fail = (reason: string) => ChainError.deploy_failed({ contract: contract.name, reason });
  const data = concatHex([zeroHash, contract.initCode]);
  const [nonce, fees, gas] = await Promise.all([
    client.getTransactionCount({ address: o.account.address, blockTag: "pending" }),
    client.estimateFeesPerGas(),
    client.estimateGas({ account: o.account.address, to: DEPLOYMENT_PROXY, data }),
  ]);
  const signed = await o.account.signTransaction({
    type: "eip1559",
    chainId: definition.id,
    to: DEPLOYMENT_PROXY,
    data,
    nonce,
    gas: (gas * 12n) / 10n,
    maxFeePerGas: fees.maxFeePerGas * 2n,
    maxPriorityFeePerGas: fees.maxPriorityFeePerGas,
  });
  const hash = await client.sendRawTransaction({ serializedTransaction: signed });
  const receipt = await client.waitForTransactionReceipt({ hash, pollingInterval: 100 });
  if (receipt.status !== "success") throw fail(`transaction ${hash} reverted`);
  if (!(await hasCode(o.chain, contract.address))) throw fail(`no code at ${contract.address} after ${hash}`);
}

async function hasCode(chain: Chain, address: Hex): Promise<boolean> {
  return (await chain.client.getCode({ address })) !== undefined;
}

/** Finds the block by halving: code that is there stays there. A local node forgets old states, and is short anyway. */
async function firstBlockWith(chain: Chain, contract: PlannedContract): Promise<number> {
  if (isLocal(chain.definition.id)) return 0;
  let [none, some] = [-1n, await chain.client.getBlockNumber()];
  while (some - none > 1n) {
    const middle = (none + some) / 2n;
    const code = await chain.client.getCode({ address: contract.address, blockNumber: middle });
    if (code === undefined) none = middle;
    else some = middle;
  }
  return Number(some);
}
