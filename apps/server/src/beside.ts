import { isLocal, type Addresses } from "@sooth/chain";
import { isLoopback, sameAddress } from "@sooth/kernel";
import type { Hex } from "@sooth/kernel";
import { wireAddress } from "@sooth/oracle/core";
import { privateKeyToAccount } from "viem/accounts";
import { z } from "zod";
import type { RoleName, ServerConfig } from "./config.ts";
import { ServerError } from "./errors.ts";
import { wireNetwork } from "./network-route.ts";

/** What needs neither a database nor engines of its own: it watches a chain, and hands over to somebody's API. */
const NODE_ROLES: ReadonlySet<RoleName> = new Set(["provider", "watcher"]);
const PATIENCE_MS = 10_000;
const RPC = "HUB_RPC_URLS";

const isNodeOnly = ({ SOOTH_ROLES }: Pick<ServerConfig, "SOOTH_ROLES">): boolean =>
  SOOTH_ROLES.length > 0 && SOOTH_ROLES.every((role) => NODE_ROLES.has(role));

/**
 * The server that this process is a node of; `said`: after --join. Roles of a node alone never start a local network of
 * their own. @throws server.bad_arguments
 */
export function besideWhom(said: string | undefined, config: ServerConfig): string | undefined {
  if (!isNodeOnly(config)) {
    if (said !== undefined)
      throw ServerError.bad_arguments({ what: "--join goes with the roles provider and watcher only" });
    return undefined;
  }
  const url = said ?? (isLocal(config.HUB_CHAIN_ID) ? config.PROVIDER_API_URL : undefined);
  if (url === undefined && isLocal(config.HUB_CHAIN_ID))
    throw ServerError.bad_arguments({
      what: "a node joins a server that runs already: add --join http://localhost:3000 --settings FILE, where FILE holds PROVIDER_KEY=0x...",
    });
  return url;
}

const knownProviders = z.object({
  items: z.array(z.object({ owner: wireAddress, signer: wireAddress })),
});

export type Beside = { config: ServerConfig; addresses: Addresses | undefined };

/**
 * The settings of a node beside the running server at `url`. Of a local network on this machine everything that the
 * environment does not name is taken from that server: chain, contracts, origins of the simulated exchanges. Where money is
 * real, or the server is elsewhere, a node has its own view of the chain, so only the place to hand over is taken.
 * @throws server.no_server, server.other_chain, server.missing_setting, server.not_named
 */
export async function settingsBeside(given: ServerConfig, url: string): Promise<Beside> {
  const key = given.PROVIDER_KEY ?? given.WATCHER_KEY;
  if (key === undefined)
    throw ServerError.missing_setting({
      key: "PROVIDER_KEY",
      why: "a node signs; name the file that the page saved for you with --settings FILE",
    });
  // By the place and not by the chain's number, which the server says itself and which is a laptop's when none is set.
  const isHere = isLoopback(url);
  if (!isHere && given.HUB_RPC_URLS.length === 0)
    throw ServerError.not_named({ url, keys: isLocal(given.HUB_CHAIN_ID) ? `HUB_CHAIN_ID and ${RPC}` : RPC });
  const network = await read(url, "/v1/network", wireNetwork);
  const own = { ...given, PROVIDER_API_URL: url };
  const { chainId } = network.hub;
  if (chainId !== given.HUB_CHAIN_ID)
    throw ServerError.other_chain({ url, told: chainId, wanted: given.HUB_CHAIN_ID });
  // Judged by the number, not by what the server says of itself.
  if (!isHere || !isLocal(chainId)) {
    if (given.HUB_RPC_URLS.length === 0)
      throw ServerError.missing_setting({
        key: RPC,
        why: "a node reads the chain for itself, and believes no server about it",
      });
    return { config: own, addresses: undefined };
  }
  const rollups = network.rollups.flatMap(({ chainId: id, rpcUrl }) =>
    rpcUrl === null ? [] : [`${id}=${rpcUrl}`],
  );
  const origins = network.sourceTemplates.map((source) => new URL(source.url).origin);
  return {
    config: {
      ...own,
      HUB_RPC_URLS: given.HUB_RPC_URLS.length > 0 ? given.HUB_RPC_URLS : [network.hub.rpcUrl],
      ROLLUPS: given.ROLLUPS.length > 0 ? given.ROLLUPS : rollups,
      PROVIDER_ALLOWED_ORIGINS: [...new Set([...given.PROVIDER_ALLOWED_ORIGINS, ...origins])],
    },
    addresses: given.DEPLOYMENT_FILE === undefined ? (network.addresses as Addresses) : undefined,
  };
}

/** Whose key this node signs with, as a sentence for the terminal. */
export async function whoSigns(config: ServerConfig, url: string): Promise<string> {
  if (config.PROVIDER_KEY === undefined) return "It watches, and signs for no provider.";
  const { address } = privateKeyToAccount(config.PROVIDER_KEY as Hex);
  const { items } = await read(url, `/v1/providers?signer=${address}`, knownProviders);
  // A server that does not know the filter tells of all.
  const provider = items.find(({ signer }) => sameAddress(signer, address));
  return provider
    ? `It signs with ${address} for the provider ${provider.owner}: ${url}/providers/${provider.owner}`
    : `No provider names the key ${address} yet: join at ${url}/join with it. The node waits for that.`;
}

async function read<T>(url: string, where: string, shape: z.ZodType<T>): Promise<T> {
  try {
    const response = await fetch(new URL(where, url), { signal: AbortSignal.timeout(PATIENCE_MS) });
    if (!response.ok) throw new Error(`${where} answers ${response.status}`);
    return shape.parse(await response.json());
  } catch (cause) {
    const reason = cause instanceof z.ZodError ? `${where} is not what a Sooth server says` : String(cause);
    throw ServerError.no_server({ url, reason }, { cause });
  }
}
