import { wireAddress } from "@sooth/oracle/core";
import { z } from "zod";

/** GET /v1/network: where everything is, and on a local network the test wallets. */
export const wireNetwork = z.object({
  hub: z.object({
    chainId: z.number().int(),
    name: z.string(),
    rpcUrl: z.string(),
    explorer: z.string().nullable(),
    local: z.boolean(),
  }),
  rollups: z.array(z.object({ chainId: z.number().int(), name: z.string() })),
  addresses: z.object({
    stakeManager: wireAddress,
    oracle: wireAddress,
    markets: wireAddress,
    collateral: wireAddress,
  }),
  collateral: z.object({ address: wireAddress, symbol: z.string(), decimals: z.number().int() }),
  devAccounts: z
    .array(z.object({ name: z.string(), address: wireAddress, privateKey: z.string() }))
    .nullable(),
  sourceTemplates: z.array(
    z.object({
      name: z.string(),
      url: z.string(),
      path: z.string(),
      unit: z.string(),
      scale: z.number().int().default(0),
      note: z.string(),
    }),
  ),
  /** The chain's clock, unix seconds. */
  now: z.number(),
});
