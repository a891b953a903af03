import type { z } from "zod";
import type { wireNetwork } from "../src/network-route.ts";

const nobody = `0x${"0".repeat(39)}1`;

/** What a server says of its network. Its node and its source are not those of whoever asks. */
export const toldNetwork = (chainId: number): z.infer<typeof wireNetwork> => ({
  hub: {
    chainId,
    name: "Hub",
    rpcUrl: "http://rpc.told.example",
    blockSeconds: 1,
    explorer: null,
    coin: "ETH",
    local: true,
  },
  rollups: [
    { chainId: 31_338, name: "Rollup", rpcUrl: "http://rollup.told.example", explorer: null, coin: "ETH" },
  ],
  addresses: {
    stakeManager: nobody,
    oracle: nobody,
    markets: nobody,
    opinions: nobody,
    outcomeTokens: nobody,
    beacon: nobody,
    wiring: nobody,
    timelock: nobody,
    policy: nobody,
    guard: nobody,
    slasher: nobody,
    ladder: nobody,
    court: nobody,
    feeds: nobody,
    gateway: nobody,
    assertions: nobody,
    attesters: nobody,
    settler: nobody,
    escrow: nobody,
    bundleHub: nobody,
    orders: nobody,
    hashLocks: nobody,
    bundleResolver: nobody,
    messageGateway: nobody,
    epochs: nobody,
    collateral: nobody,
  },
  limits: { lowestWindow: 1, maxLiveness: 96, unit: "1000000", maxQuestionSeconds: 1 },
  collateral: { address: nobody, symbol: "tUSD", decimals: 6 },
  devAccounts: null,
  testAccount: null,
  keeper: { tells: true, claims: true },
  paymasters: [],
  sourceTemplates: [
    { name: "a", url: "http://source.told.example/x", path: "price", unit: "USD", note: "told" },
  ],
  gateway: { signer: null, retired: [] },
  now: 1,
});
