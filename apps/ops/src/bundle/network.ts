import {
  type Addresses,
  type Chain,
  chainById,
  computeAddresses,
  isLocal,
  openChain,
  parseDeployment,
  readDeployment,
} from "@sooth/chain";
import type { Hub } from "@sooth/bundles/core";
import { type Address, AppError, type Hex, sameAddress } from "@sooth/kernel";
import { laptopParams, loadEnvironment, parseRollups } from "@sooth/server";
import type { LocalAccount } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { z } from "zod";
import { type ApiClient, apiClient } from "../api-client.ts";
import { unlock } from "../emergency/guardian.ts";
import { OpsError } from "../ops-error.ts";
import { readText } from "../verify/log-source.ts";
import { countedFromOne } from "./words.ts";

const PATIENCE_SECONDS = 5;

/** What these commands need of GET /v1/network. */
const networkShape = z.object({
  hub: z.object({ chainId: z.number(), rpcUrl: z.string() }),
  rollups: z.array(z.object({ chainId: z.number(), rpcUrl: z.string().nullable() })),
  addresses: z.record(z.string(), z.string()),
  devAccounts: z.array(z.object({ name: z.string(), privateKey: z.string() })).nullable(),
  collateral: z.object({ symbol: z.string(), decimals: z.number() }),
  now: z.number(),
});
type Network = z.infer<typeof networkShape>;

export type Server = {
  url: string;
  api: ApiClient;
  /** Those known here; a server that names others is not followed. */
  addresses: Addresses;
  hub: Hub;
  network: Network;
  /** Unix seconds by which a deadline is counted from now: this machine's, and on a network of its own that network's. */
  now(): number;
};

/** Whether what is asked for will be signed or sent: then no contract is taken on a server's word. */
export type Trust = { signs: boolean; deployment?: string | undefined };

/** The server that is asked, and what it says of its network. @throws ops.api_refused, ops.other_contracts, ops.no_deployment */
export async function openServer(url: string, { signs, deployment }: Trust): Promise<Server> {
  const api = countingFromOne(apiClient(url, PATIENCE_SECONDS));
  const network = await api.get("/v1/network", networkShape);
  const { chainId } = network.hub;
  const told = network.addresses as Addresses;
  const known = await knownContracts(chainId, deployment);
  if (known === undefined && signs) throw OpsError.no_deployment({ chainId });
  const differs = known === undefined ? [] : CONTRACTS.filter((name) => !isSame(known[name], told[name]));
  if (differs.length > 0) throw OpsError.other_contracts({ chainId, differs: differs.join(", ") });
  const addresses = known ?? told;
  return {
    url,
    api,
    addresses,
    hub: { chainId, hub: addresses.bundleHub },
    network,
    now: () => (isLocal(chainId) ? network.now : Math.floor(Date.now() / 1_000)),
  };
}

/** What bundles and orders are signed for, sent to, paid in and proved with. */
const CONTRACTS = [
  "bundleHub",
  "settler",
  "escrow",
  "attesters",
  "outcomeTokens",
  "collateral",
] as const satisfies readonly (keyof Addresses)[];

const isSame = (known: string, told: string | undefined): boolean =>
  told !== undefined && sameAddress(known, told);

/** Contracts of a chain by what this source code deploys, or by a file; undefined where nothing is known. */
async function knownContracts(chainId: number, file: string | undefined): Promise<Addresses | undefined> {
  if (file !== undefined) {
    const given = parseDeployment(await readText(file));
    if (given.chainId !== chainId) throw OpsError.wrong_chain({ wanted: given.chainId, found: chainId });
    return given.addresses;
  }
  if (isLocal(chainId)) return computeAddresses(laptopParams(loadEnvironment()));
  return (await readDeployment(chainId))?.addresses;
}

const countingFromOne = (api: ApiClient): ApiClient => ({
  get: (path, shape) => api.get(path, shape).catch(reworded),
  post: (path, body, shape) => api.post(path, body, shape).catch(reworded),
});

function reworded(error: unknown): never {
  if (!(error instanceof AppError) || !error.code.startsWith("bundles.")) throw error;
  const { code, status, message, data } = error;
  throw new AppError(code, { status, text: () => countedFromOne(message) }, data, { cause: error });
}

export type Key = {
  keystore?: string | undefined;
  passwordFile?: string | undefined;
  /** A test account of a local network. */
  as?: string | undefined;
};

/**
 * Who signs and sends: a keystore, else BUNDLE_KEY, else on a local network a test account, its first one unless one is named.
 * @throws ops.no_key, ops.unreadable, ops.bad_keystore, ops.open_to_others
 */
export async function signerFor(
  { network }: Server,
  { keystore, passwordFile, as }: Key,
): Promise<LocalAccount> {
  if (keystore !== undefined) return privateKeyToAccount(await unlock(keystore, passwordFile));
  const tests = isLocal(network.hub.chainId) ? (network.devAccounts ?? []) : [];
  if (as !== undefined) {
    const test = tests.find(({ name }) => name.toLowerCase() === as.toLowerCase());
    if (test) return privateKeyToAccount(test.privateKey as Hex);
    const names = tests.map(({ name }) => name).join(", ");
    throw OpsError.no_test_account({ said: as, names });
  }
  const own = loadEnvironment().BUNDLE_KEY;
  if (own !== undefined) return privateKeyToAccount(own as Hex);
  const [first] = tests;
  if (first) return privateKeyToAccount(first.privateKey as Hex);
  throw OpsError.no_key({ key: "BUNDLE_KEY", why: "somebody has to sign; --keystore names a file instead" });
}

/** A chain by its id, opened when it is first asked for. @throws ops.no_key where no node of it is known, ops.other_network */
export type ChainAt = (chainId: number) => Chain;

/** Runs with nodes that the environment names, else a local network's own: of a chain with money no server's word is taken. */
export async function withChains<T>({ network }: Server, run: (chainAt: ChainAt) => Promise<T>): Promise<T> {
  const opened = new Map<number, Chain>();
  const config = loadEnvironment();
  const told = [network.hub, ...network.rollups].filter(({ chainId }) => isLocal(chainId));
  const urls = new Map<number, readonly string[]>([
    ...told.map(({ chainId, rpcUrl }) => [chainId, rpcUrl === null ? [] : [rpcUrl]] as const),
    ...(config.HUB_RPC_URLS.length > 0 ? [[network.hub.chainId, config.HUB_RPC_URLS] as const] : []),
    ...parseRollups(config.ROLLUPS).map(({ chainId, rpcUrls }) => [chainId, rpcUrls] as const),
  ]);
  const chainAt: ChainAt = (chainId) => {
    const known = opened.get(chainId);
    if (known) return known;
    // Contracts of a laptop are put anywhere by anybody: a server that says it is one must not have real money sent to them.
    if (isLocal(chainId) !== isLocal(network.hub.chainId))
      throw OpsError.other_network({ chainId, hub: network.hub.chainId });
    const rpcUrls = (urls.get(chainId) ?? []).filter((one) => one !== "");
    if (rpcUrls.length === 0) throw noNode(chainId, network);
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

const noNode = (chainId: number, { hub }: Network) =>
  chainId === hub.chainId
    ? OpsError.no_key({ key: "HUB_RPC_URLS", why: `no node of chain ${chainId}, the hub, is known` })
    : OpsError.no_key({
        key: "ROLLUPS",
        why: `no node of chain ${chainId} is known: ${chainId}=URL names one`,
      });

/** Undefined where no node is known: what is asked of it is left out. */
export async function ifNode<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof AppError && error.code === "ops.no_key") return undefined;
    throw error;
  }
}

export const isOwn = (some: string | null, own: Address): boolean => some !== null && sameAddress(some, own);
