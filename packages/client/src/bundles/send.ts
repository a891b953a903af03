import {
  type Account,
  type Chain,
  createPublicClient,
  createWalletClient,
  type Hex,
  http,
  isAddressEqual,
} from "viem";
import type { BundleCall } from "../generated/types.ts";

/** Who sends, and a node of each chain that a leg is on. */
export type Wallets = { account: Account; rpcUrls: ReadonlyMap<number, string> };

/**
 * Sends those of the calls that are for this account to send, one after the other, each when the one before it is in a block. What only
 * others may send, and legs that relayers bring, is left alone. @throws Error when one reverts
 */
export async function sendCalls(calls: readonly BundleCall[], { account, rpcUrls }: Wallets): Promise<Hex[]> {
  const hashes: Hex[] = [];
  for (const { by, chainId, to, data, value, what } of calls) {
    if (by === null || !isAddressEqual(by as Hex, account.address)) continue;
    const transport = http(rpcUrls.get(chainId));
    const chain = {
      id: chainId,
      name: String(chainId),
      nativeCurrency: ETHER,
      rpcUrls: NO_URLS,
    } satisfies Chain;
    const wallet = createWalletClient({ account, chain, transport });
    const hash = await wallet.sendTransaction({ to: to as Hex, data: data as Hex, value: BigInt(value) });
    const reader = createPublicClient({ chain, transport, pollingInterval: 200 });
    const { status } = await reader.waitForTransactionReceipt({ hash });
    if (status !== "success") throw new Error(`${what} on chain ${chainId} reverted: ${hash}`);
    hashes.push(hash);
  }
  return hashes;
}

const ETHER = { name: "Ether", symbol: "ETH", decimals: 18 } as const;
const NO_URLS = { default: { http: [] } } as const;
