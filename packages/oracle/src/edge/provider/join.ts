import { stakeManagerAbi, testDollarAbi } from "@sooth/abi";
import { type Addresses, type Chain, walletOf } from "@sooth/chain";
import { sameAddress } from "@sooth/kernel";
import { BaseError, ContractFunctionRevertedError, type Hex, type LocalAccount } from "viem";
import { OracleError, possessionTypedData } from "../../core/index.ts";

type Owner = { chain: Chain; addresses: Addresses; owner: LocalAccount };
/** The domains that a provider serves when nothing else is said: the first alone. A bitmap. */
const FIRST_DOMAIN = 1;
/** `ProviderState.None` of IStakeManager.sol. */
const NONE = 0;
const RECEIPT_POLL_MS = 100;

/**
 * Stakes `stake` of the owner's collateral behind `kinds` and names `signer`, who signs that he is there, unless the owner has joined already; another signer than
 * the one named is rotated in. True when something was sent. The seat comes with the next epoch.
 * @throws the contract's error, for example when the collateral does not suffice
 */
export async function ensureJoined(
  o: Owner & { signer: LocalAccount; stake: bigint; kinds?: number },
): Promise<boolean> {
  const { chain, addresses, owner, stake, kinds = FIRST_DOMAIN } = o;
  const signer = o.signer.address;
  const wallet = walletOf(o.chain, o.owner);
  const manager = { address: addresses.stakeManager, abi: stakeManagerAbi } as const;
  const token = { address: addresses.collateral, abi: testDollarAbi } as const;
  const provider = await chain.client.readContract({
    ...manager,
    functionName: "providerOf",
    args: [owner.address],
  });
  const possession = await o.signer.signTypedData(
    possessionTypedData(
      { chainId: chain.definition.id, stakeManager: addresses.stakeManager },
      owner.address,
    ),
  );
  if (provider.state !== NONE) {
    if (sameAddress(provider.signer, signer)) return false;
    await mined(
      chain,
      await wallet.writeContract({ ...manager, functionName: "rotateSigner", args: [signer, possession] }),
    );
    return true;
  }
  const allowance = await chain.client.readContract({
    ...token,
    functionName: "allowance",
    args: [owner.address, addresses.stakeManager],
  });
  if (allowance < stake)
    await mined(
      chain,
      await wallet.writeContract({
        ...token,
        functionName: "approve",
        args: [addresses.stakeManager, stake],
      }),
    );
  await mined(
    chain,
    await wallet.writeContract({
      ...manager,
      functionName: "join",
      args: [signer, stake, kinds, possession],
    }),
  );
  return true;
}

/** Puts an active provider's owner on the list that juries are drawn from; whether something was sent. */
export async function ensureJuror(o: Owner): Promise<boolean> {
  const manager = { address: o.addresses.stakeManager, abi: stakeManagerAbi } as const;
  const { jurorSince } = await o.chain.client.readContract({
    ...manager,
    functionName: "providerOf",
    args: [o.owner.address],
  });
  if (jurorSince !== 0) return false;
  const call = { ...manager, functionName: "setJuror", args: [true] } as const;
  await mined(o.chain, await walletOf(o.chain, o.owner).writeContract(call));
  return true;
}

/** Forms the next signer set of a domain if the contract allows it now; whether it did. Anybody may. The worker does it by itself. */
export async function advanceEpoch(o: Owner & { domain?: number }): Promise<boolean> {
  const manager = { address: o.addresses.stakeManager, abi: stakeManagerAbi } as const;
  const call = { ...manager, functionName: "advanceEpoch", args: [o.domain ?? 0] } as const;
  let hash: Hex;
  try {
    await o.chain.client.simulateContract({ ...call, account: o.owner });
    // Asked once more before it is sent: the worker may have formed it in between.
    hash = await walletOf(o.chain, o.owner).writeContract(call);
  } catch (error) {
    // Too young, or nothing would change.
    const refused =
      error instanceof BaseError && error.walk((e) => e instanceof ContractFunctionRevertedError);
    if (refused) return false;
    throw error;
  }
  await mined(o.chain, hash);
  return true;
}

export const mined = async (chain: Chain, hash: Hex): Promise<void> => {
  const receipt = await chain.client.waitForTransactionReceipt({ hash, pollingInterval: RECEIPT_POLL_MS });
  if (receipt.status !== "success") throw OracleError.transaction_reverted({ hash });
};
