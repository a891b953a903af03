import {
  type Chain,
  type Client,
  createPublicClient,
  defineChain,
  fallback,
  http,
  type PublicClient,
  publicActions,
} from "viem";
import { unstable_connector, injected } from "wagmi";
import type { Network } from "../../api.ts";
import { WalletError } from "./wallet-error.ts";

/** Where a wallet signs and sends, and what the page itself asks there. */
export type WalletChain = {
  chain: Chain;
  /** Undefined where no node is open to browsers: then the wallet's own is asked, once it stands on that chain. */
  client: PublicClient | undefined;
};

/** The hub first. Rollups have the same contracts at the same addresses. */
export function walletChains({ hub, rollups }: Network): [WalletChain, ...WalletChain[]] {
  return [chainOf(hub), ...rollups.map(chainOf)];
}

export function chainNamed(chains: readonly WalletChain[], chainId: number): WalletChain {
  const found = chains.find(({ chain }) => chain.id === chainId);
  if (!found) throw WalletError.unknown_chain({ chainId });
  return found;
}

/** What reads and simulates on the chain that the wallet itself is connected to. */
export const readingThrough = (client: Client): PublicClient =>
  client.extend(publicActions) as unknown as PublicClient;

/** Own reads go in batches: a page asks for several balances in the same moment. */
export const transportOf = ({ chain }: WalletChain) => {
  const url = chain.rpcUrls.default.http[0];
  return url === undefined ? fallback([unstable_connector(injected)]) : http(url, { batch: true });
};

type Place = { chainId: number; name: string; rpcUrl: string | null; explorer: string | null; coin: string };

function chainOf({ chainId, name, rpcUrl, explorer, coin }: Place): WalletChain {
  const url = rpcUrl === null || rpcUrl === "" ? undefined : rpcUrl;
  const chain = defineChain({
    id: chainId,
    name,
    nativeCurrency: { name: coin === "ETH" ? "Ether" : coin, symbol: coin, decimals: 18 },
    rpcUrls: { default: { http: url === undefined ? [] : [url] } },
    ...(explorer !== null && { blockExplorers: { default: { name: "Explorer", url: explorer } } }),
  });
  const client =
    url === undefined
      ? undefined
      : createPublicClient({ chain, transport: http(url, { batch: true }), pollingInterval: 400 });
  return { chain, client };
}
