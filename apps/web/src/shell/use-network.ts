import { useQuery } from "@tanstack/react-query";
import type { Network } from "../api.ts";
import { networkQuery } from "../queries.ts";

/** Until the server has answered, amounts need some number of digits; nothing is shown or signed with these. */
const UNKNOWN: Network = {
  hub: { chainId: 0, name: "", rpcUrl: "", blockSeconds: 1, explorer: null, coin: "ETH", local: false },
  rollups: [],
  addresses: {
    stakeManager: "0x",
    oracle: "0x",
    markets: "0x",
    opinions: "0x",
    outcomeTokens: "0x",
    beacon: "0x",
    wiring: "0x",
    timelock: "0x",
    policy: "0x",
    guard: "0x",
    slasher: "0x",
    ladder: "0x",
    court: "0x",
    feeds: "0x",
    gateway: "0x",
    assertions: "0x",
    attesters: "0x",
    settler: "0x",
    escrow: "0x",
    bundleHub: "0x",
    orders: "0x",
    hashLocks: "0x",
    bundleResolver: "0x",
    messageGateway: "0x",
    epochs: "0x",
    collateral: "0x",
  },
  limits: { lowestWindow: 0, maxLiveness: 0, unit: "1", maxQuestionSeconds: 0 },
  collateral: { address: "0x", symbol: "", decimals: 6 },
  devAccounts: null,
  testAccount: null,
  keeper: { tells: false, claims: false },
  paymasters: [],
  sourceTemplates: [],
  gateway: { signer: null, retired: [] },
  now: 0,
};

export const useNetwork = (): Network => useQuery(networkQuery).data ?? UNKNOWN;
