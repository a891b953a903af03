import { attestersAbi, stakeManagerAbi } from "@sooth/abi";
import { sameAddress } from "@sooth/kernel";
import { createWalletClient, custom, type Hex, hexToBigInt, type LocalAccount, size, slice } from "viem";
import { ChainError } from "../chain-error.ts";
import type { Chain } from "../rpc/chain.ts";
import { computeAddresses } from "./addresses.ts";
import type { DeployParams } from "./params.ts";

const WORD = 32;

/**
 * Lets attesters begin, once providers sit in their domain: the hub adopts its set, and rollups that know none are told
 * of it by the deployer. Where it was done before nothing is sent; from there on every set names the next.
 * @returns names of the chains that learned of a set now
 * @throws chain.deploy_failed when a rollup must be told and the account is not the deployer, or a call reverts
 */
export async function beginAttesting({
  hub,
  rollups,
  account,
  params,
}: {
  hub: Chain;
  rollups: readonly Chain[];
  account: LocalAccount;
  params: DeployParams;
}): Promise<string[]> {
  const { attesters: address, stakeManager } = computeAddresses(params);
  const attesters = { address, abi: attestersAbi } as const;
  const [blob, epoch] = await hub.client.readContract({
    address: stakeManager,
    abi: stakeManagerAbi,
    functionName: "signerSet",
    args: [params.bundles.domain],
  });
  if (epoch === 0) return [];
  const began: string[] = [];
  const known = await hub.client.readContract({ ...attesters, functionName: "currentEpoch" });
  if (known !== epoch) {
    await send(hub, account, (wallet) => wallet.writeContract({ ...attesters, functionName: "adopt" }));
    began.push(hub.definition.name);
  }
  const seated = seatsIn((await hub.client.getCode({ address: blob })) ?? "0x");
  if (seated.seats.length === 0) return began;
  for (const rollup of rollups) {
    if (await rollup.client.readContract({ ...attesters, functionName: "currentEpoch" })) continue;
    if (!sameAddress(account.address, params.deployer))
      throw ChainError.deploy_failed({
        contract: "Attesters",
        reason: `only ${params.deployer} says who sits first, not ${account.address}`,
      });
    await send(rollup, account, (wallet) =>
      wallet.writeContract({
        ...attesters,
        functionName: "begin",
        args: [epoch, seated.totalWeight, seated.seats],
      }),
    );
    began.push(rollup.definition.name);
  }
  return began;
}

/** What a signer set's code says, behind the byte that keeps it from being called: total weight, then a word a seat. */
function seatsIn(code: Hex): { totalWeight: bigint; seats: bigint[] } {
  const words = Array.from({ length: Math.max(0, Math.floor((size(code) - 1) / WORD)) }, (_, index) =>
    hexToBigInt(slice(code, 1 + index * WORD, 1 + (index + 1) * WORD)),
  );
  const [totalWeight = 0n, ...seats] = words;
  return { totalWeight, seats };
}

const walletOf = (chain: Chain, account: LocalAccount) =>
  createWalletClient({
    account,
    chain: chain.definition.viem,
    transport: custom({ request: chain.client.request }, { retryCount: 0 }),
  });

async function send(
  chain: Chain,
  account: LocalAccount,
  write: (wallet: ReturnType<typeof walletOf>) => Promise<Hex>,
): Promise<void> {
  const hash = await write(walletOf(chain, account));
  const receipt = await chain.client.waitForTransactionReceipt({
    hash,
    pollingInterval: chain.definition.pollMs,
  });
  if (receipt.status !== "success")
    throw ChainError.deploy_failed({ contract: "Attesters", reason: `transaction ${hash} reverted` });
}
