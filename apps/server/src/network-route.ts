import { collateralToken, isLocal } from "@sooth/chain";
import { keeperDuties } from "@sooth/markets";
import { oracleLimits } from "@sooth/oracle";
import { wireAddress } from "@sooth/oracle/core";
import type { App } from "@sooth/runtime";
import { z } from "zod";
import type { ServerConfig } from "./config.ts";
import { parseRollups } from "./network.ts";
import type { RoleContext } from "./roles.ts";

export const wireNetwork = z.object({
  hub: z.object({
    chainId: z.number(),
    name: z.string(),
    rpcUrl: z.string(),
    blockSeconds: z.number(),
    explorer: z.string().nullable(),
    /** Symbol of the coin that gas is paid in; it has 18 decimals everywhere. */
    coin: z.string(),
    local: z.boolean(),
  }),
  /** `rpcUrl`: of a local node; others may carry a provider's key. */
  rollups: z.array(
    z.object({
      chainId: z.number(),
      name: z.string(),
      rpcUrl: z.string().nullable(),
      explorer: z.string().nullable(),
      coin: z.string(),
    }),
  ),
  addresses: z.object({
    stakeManager: wireAddress,
    oracle: wireAddress,
    markets: wireAddress,
    opinions: wireAddress,
    outcomeTokens: wireAddress,
    committee: wireAddress.optional(),
    beacon: wireAddress,
    wiring: wireAddress,
    timelock: wireAddress,
    policy: wireAddress,
    guard: wireAddress,
    slasher: wireAddress,
    ladder: wireAddress,
    court: wireAddress,
    feeds: wireAddress,
    gateway: wireAddress,
    assertions: wireAddress,
    attesters: wireAddress,
    settler: wireAddress,
    escrow: wireAddress,
    bundleHub: wireAddress,
    orders: wireAddress,
    hashLocks: wireAddress,
    bundleResolver: wireAddress,
    messageGateway: wireAddress,
    epochs: wireAddress,
    collateral: wireAddress,
  }),
  /** What the contracts take of a question; seconds. An answer is open to objection for the lowest window, or up to 96 times it by what it secures, in `unit`s. */
  limits: z.object({
    lowestWindow: z.number(),
    maxLiveness: z.number(),
    unit: z.string(),
    maxQuestionSeconds: z.number(),
  }),
  collateral: z.object({ address: wireAddress, symbol: z.string(), decimals: z.number() }),
  /** A local network's test accounts; null where money is real. */
  devAccounts: z
    .array(z.object({ name: z.string(), address: wireAddress, privateKey: z.string() }))
    .nullable(),
  /** Code that a local network's test accounts delegate to, to send several calls as one (EIP-7702); null elsewhere. */
  testAccount: wireAddress.nullable(),
  /** What is done here unasked. `tells`: hidden stances are told, and opinion markets scored; `claims`: everybody's payments are sent. */
  keeper: z.object({ tells: z.boolean(), claims: z.boolean() }),
  /** Services that may pay the gas of what wallets send (ERC-7677), by chain. */
  paymasters: z.array(z.object({ chainId: z.number(), url: z.string() })),
  sourceTemplates: z.array(
    z.object({ name: z.string(), url: z.string(), path: z.string(), unit: z.string(), note: z.string() }),
  ),
  /** Whose signature stands under answers and receipts. Keep it: what is compared with itself proves nothing. */
  gateway: z.object({ signer: wireAddress.nullable(), retired: z.array(wireAddress) }),
  /** The chain's clock, unix seconds. */
  now: z.number(),
});

/** GET /v1/network: what a client needs to know before anything else. */
export function networkRoute(
  app: App,
  { config, network, facts, keys }: Pick<RoleContext, "config" | "network" | "facts" | "keys">,
): void {
  const rollupUrls = new Map(parseRollups(config.ROLLUPS).map(({ chainId, rpcUrls }) => [chainId, rpcUrls]));
  app.get(
    "/v1/network",
    {
      schema: {
        operationId: "getNetwork",
        tags: ["network"],
        summary: "Chains, addresses, collateral",
        response: { 200: wireNetwork },
      },
    },
    async () => {
      const { hub, rollups, addresses } = network;
      const { lowestWindow, maxLiveness, unit, maxQuestionSeconds } = await oracleLimits(hub, addresses);
      return {
        hub: {
          chainId: hub.definition.id,
          name: hub.definition.name,
          rpcUrl: browserRpcUrls(config)[0] ?? "",
          blockSeconds: hub.definition.blockSeconds,
          explorer: hub.definition.explorer ?? null,
          coin: hub.definition.nativeSymbol,
          local: isLocal(hub.definition.id),
        },
        rollups: rollups.map(({ definition: { id, name, explorer, nativeSymbol } }) => ({
          chainId: id,
          name,
          rpcUrl: localUrls(rollupUrls.get(id) ?? [])[0] ?? null,
          explorer: explorer ?? null,
          coin: nativeSymbol,
        })),
        addresses,
        limits: { lowestWindow, maxLiveness, unit: String(unit), maxQuestionSeconds },
        collateral: { address: addresses.collateral, ...(await collateralToken(hub, addresses)) },
        devAccounts: facts.devAccounts.length > 0 ? facts.devAccounts : null,
        testAccount: facts.testAccount,
        keeper: keeperDuties({ config, hub }),
        paymasters: config.PAYMASTER_URLS,
        sourceTemplates: facts.sourceTemplates,
        gateway: { signer: keys.gateway?.address ?? null, retired: config.GATEWAY_RETIRED },
        now: await hub.now(),
      };
    },
  );
}

/** Local rollups' nodes, which a browser sends to and reads as it does of the hub's. */
export const browserRollupUrls = (config: ServerConfig): string[] =>
  parseRollups(config.ROLLUPS).flatMap(({ rpcUrls }) => localUrls(rpcUrls).slice(0, 1));

/** Only a local node's own URL is shown to browsers; others may carry a provider's key. */
export function browserRpcUrls(config: ServerConfig): string[] {
  if (config.PUBLIC_RPC_URL !== undefined) return [config.PUBLIC_RPC_URL];
  return localUrls(config.HUB_RPC_URLS).slice(0, 1);
}

const localUrls = (urls: readonly string[]): string[] =>
  urls.filter((url) => ["127.0.0.1", "localhost"].includes(new URL(url).hostname));
