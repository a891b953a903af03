import { type Addresses, type Chain, chainById, openChain } from "@sooth/chain";
import type { Address, Hex } from "@sooth/kernel";
import { loadEnvironment, parseRollups } from "@sooth/server";
import type { LocalAccount } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { z } from "zod";
import { type ApiClient, apiClient } from "../api-client.ts";
import { unlock } from "../emergency/guardian.ts";
import { OpsError } from "../ops-error.ts";

const PATIENCE_SECONDS = 5;

/** What these commands need of GET /v1/network. */
const networkShape = z.object({
  hub: z.object({ chainId: z.number(), rpcUrl: z.string(), local: z.boolean() }),
  rollups: z.array(z.object({ chainId: z.number(), rpcUrl: z.string().nullable() })),
  addresses: z.record(z.string(), z.string()),
  devAccounts: z.array(z.object({ name: z.string(), privateKey: z.string() })).nullable(),
});

export type Server = {
  url: string;
  api: ApiClient;
  addresses: Addresses;
  hubChainId: number;
  network: Network;
};
type Network = z.infer<typeof networkShape>;

/** The server that is asked, and what it says of its network. @throws ops.api_refused */
export async function openServer(url: string): Promise<Server> {
  const api = apiClient(url, PATIENCE_SECONDS);
  const network = await api.get("/v1/network", networkShape);
  return { url, api, addresses: network.addresses as Addresses, hubChainId: network.hub.chainId, network };
}

export type KeyFiles = { keystore?: string | undefined; passwordFile?: string | undefined };

/**
 * Who signs and sends: a keystore, else BUNDLE_KEY, else on a local network its first test account.
 * @throws ops.no_key, ops.unreadable, ops.bad_keystore, ops.open_to_others
 */
export async function signerFor(
  { network }: Server,
  { keystore, passwordFile }: KeyFiles,
): Promise<LocalAccount> {
  if (keystore !== undefined) return privateKeyToAccount(await unlock(keystore, passwordFile));
  const own = loadEnvironment().BUNDLE_KEY;
  if (own !== undefined) return privateKeyToAccount(own as Hex);
  const test = network.hub.local ? network.devAccounts?.[0] : undefined;
  if (test) return privateKeyToAccount(test.privateKey as Hex);
  throw OpsError.no_key({ key: "BUNDLE_KEY", why: "somebody has to sign; --keystore names a file instead" });
}

/** Runs with the chains open, each when it is first asked for: nodes that the environment names, else a local network's own. */
export async function withChains<T>(
  { network }: Server,
  run: (chainAt: (chainId: number) => Chain) => Promise<T>,
): Promise<T> {
  const opened = new Map<number, Chain>();
  const config = loadEnvironment();
  const urls = new Map<number, readonly string[]>([
    [network.hub.chainId, config.HUB_RPC_URLS.length > 0 ? config.HUB_RPC_URLS : [network.hub.rpcUrl]],
    ...network.rollups.map(({ chainId, rpcUrl }) => [chainId, rpcUrl === null ? [] : [rpcUrl]] as const),
    ...parseRollups(config.ROLLUPS).map(({ chainId, rpcUrls }) => [chainId, rpcUrls] as const),
  ]);
  const chainAt = (chainId: number): Chain => {
    const known = opened.get(chainId);
    if (known) return known;
    const rpcUrls = (urls.get(chainId) ?? []).filter((one) => one !== "");
    if (rpcUrls.length === 0)
      throw OpsError.no_key({
        key: "ROLLUPS",
        why: `no node of chain ${chainId} is known: ${chainId}=URL names one`,
      });
    const chain = openChain({ definition: chainById(chainId), rpcUrls });
    opened.set(chainId, chain);
    return chain;
  };
  try {
    return await run(chainAt);
  } finally {
    await Promise.all([...opened.values()].map((chain) => chain.close()));
  }
}

export type Sent = { what: string; leg: number | null; chainId: number; transaction: Hex };

export const sameAccount = (some: string, other: Address): boolean =>
  some.toLowerCase() === other.toLowerCase();
