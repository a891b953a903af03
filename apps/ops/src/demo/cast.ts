import type { Addresses } from "@sooth/chain";
import type { Hex } from "@sooth/kernel";
import type { LocalAccount } from "viem";
import type { ApiClient } from "../api-client.ts";
import type { Hub } from "./hub.ts";
import type { MarketKey, PlannedMarket, Scenario } from "./scenario.ts";

/** Everything that the acts of the demo share. */
export type Cast = {
  hub: Hub;
  api: ApiClient;
  addresses: Addresses;
  scenario: Scenario;
  /** Asks all questions, opens all markets, earns the fees. */
  asker: LocalAccount;
  traders: readonly LocalAccount[];
  /** What a source is called and where it is read; `market` undefined for the pair that exists. */
  sourcesFor(
    planned: PlannedMarket,
  ): { name: string; url: string; path: string; unit: string; scale: number }[];
  /** One line for people, with the chain's time in front. */
  say(text: string): Promise<void>;
  /** Called between steps: here a server may be killed. */
  checkpoint(): Promise<void>;
  /** How long a step may take before the demo fails, in seconds of this machine. */
  patience: number;
};

export type OpenedMarket = { key: MarketKey; planned: PlannedMarket; question: Hex; market: Hex };

/** "123.456789": collateral has six decimals. */
export const money = (amount: bigint): string =>
  `${amount / 1_000_000n}.${String(amount % 1_000_000n).padStart(6, "0")}`;
