import { wiringAbi } from "@sooth/abi";
import { sameAddress } from "@sooth/kernel";
import { concatHex, createWalletClient, custom, type LocalAccount } from "viem";
import { ChainError } from "../chain-error.ts";
import type { Chain } from "../rpc/chain.ts";
import {
  computeAddresses,
  DEPLOYMENT_PROXY,
  DEPLOYMENT_SALT,
  deploymentSteps,
  sealCall,
  type Step,
} from "./addresses.ts";
import type { Addresses, DeployParams } from "./params.ts";

const ASKING = new Set<Step["contract"]>([
  "markets",
  "opinions",
  "slasher",
  "ladder",
  "court",
  "feeds",
  "assertions",
]);

export type Deployed = {
  addresses: Addresses;
  /** Block of the first contract deployed now; 0 when all were there before (the deployments file knows). */
  startBlock: number;
  /** Names of the contracts deployed now. */
  deployed: string[];
};

/** All of them want more gas than a block has, and a node that mines on demand leaves what did not fit. */
const IN_A_BLOCK = 5;

/** What stands on rollups too: what bundles run and are paid from there. */
export const EVERYWHERE: readonly Step["contract"][] = [
  "collateral",
  "attesters",
  "settler",
  "escrow",
  "orders",
  "hashLocks",
  "bundleResolver",
];

/**
 * Deploys what is missing: everything on a hub, the test dollar and the contracts of bundles on a rollup. What has code is left as it is,
 * which is safe because only this init code can ever stand at its address.
 * Seals the wiring, unless it is sealed.
 * @throws chain.no_proxy, chain.deploy_failed
 */
export async function deploy(o: {
  chain: Chain;
  account: LocalAccount;
  params: DeployParams;
  role: "hub" | "rollup";
  /** Signs the last call when `account` is not the deployer that the parameters name. */
  sealer?: LocalAccount;
  onStep?: (text: string) => void;
}): Promise<Deployed> {
  const { client, definition } = o.chain;
  const proxy = await client.getCode({ address: DEPLOYMENT_PROXY });
  if (!proxy) throw ChainError.no_proxy({ chain: definition.name, address: DEPLOYMENT_PROXY });
  const wanted = deploymentSteps(o.params).filter(
    ({ contract }) => o.role === "hub" || EVERYWHERE.includes(contract),
  );
  const codes = await Promise.all(wanted.map(({ address }) => client.getCode({ address })));
  const missing = wanted.filter((_, index) => !codes[index]);
  const wallet = createWalletClient({
    account: o.account,
    chain: definition.viem,
    transport: custom({ request: client.request }, { retryCount: 0 }),
  });
  const send = async (step: Step, nonce: number) => {
    o.onStep?.(`${definition.name}: deploying ${step.name} at ${step.address}`);
    const hash = await wallet.sendTransaction({
      to: DEPLOYMENT_PROXY,
      data: concatHex([DEPLOYMENT_SALT, step.initCode]),
      nonce,
    });
    const receipt = await client.waitForTransactionReceipt({ hash, pollingInterval: definition.pollMs });
    const code = await client.getCode({ address: step.address });
    if (receipt.status !== "success" || !code)
      throw ChainError.deploy_failed({ contract: step.name, reason: `transaction ${hash} left no code` });
    return Number(receipt.blockNumber);
  };

  // These ask others for what they need to know while they are built; the rest ask nobody, and share a block.
  const first = missing.filter(({ contract }) => !ASKING.has(contract));
  const last = missing.filter(({ contract }) => ASKING.has(contract));
  const nonce = await client.getTransactionCount({ address: o.account.address, blockTag: "pending" });
  const blocks: number[] = [];
  for (const group of [first, last])
    for (let from = 0; from < group.length; from += IN_A_BLOCK) {
      const next = nonce + blocks.length;
      const steps = group.slice(from, from + IN_A_BLOCK);
      blocks.push(...(await Promise.all(steps.map((step, index) => send(step, next + index)))));
    }
  const addresses = computeAddresses(o.params);
  if (o.role === "hub") await seal({ ...o, account: o.sealer ?? o.account }, addresses);
  return {
    addresses,
    startBlock: blocks.length === 0 ? 0 : Math.min(...blocks),
    deployed: missing.map(({ name }) => name),
  };
}

/** @throws chain.deploy_failed when the account is not the one that the wiring was built for, or the call reverts */
async function seal(
  {
    chain,
    account,
    params,
    onStep,
  }: { chain: Chain; account: LocalAccount; params: DeployParams; onStep?: (text: string) => void },
  addresses: Addresses,
): Promise<void> {
  const wiring = { address: addresses.wiring, abi: wiringAbi } as const;
  if (await chain.client.readContract({ ...wiring, functionName: "isSealed" })) return;
  if (!sameAddress(account.address, params.deployer))
    throw ChainError.deploy_failed({
      contract: "Wiring",
      reason: `only ${params.deployer} seals it, not ${account.address}`,
    });
  onStep?.(`${chain.definition.name}: sealing the wiring`);
  const wallet = createWalletClient({
    account,
    chain: chain.definition.viem,
    transport: custom({ request: chain.client.request }, { retryCount: 0 }),
  });
  const hash = await wallet.sendTransaction({ to: addresses.wiring, data: sealCall(addresses) });
  const receipt = await chain.client.waitForTransactionReceipt({
    hash,
    pollingInterval: chain.definition.pollMs,
  });
  if (receipt.status !== "success")
    throw ChainError.deploy_failed({ contract: "Wiring", reason: `transaction ${hash} reverted` });
}
