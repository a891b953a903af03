import type { Addresses } from "@sooth/chain";
import type { Hex } from "@sooth/kernel";
import type { LocalAccount } from "viem";
import type { ApiClient } from "../../api-client.ts";
import type { Hub } from "../hub.ts";
import type { OpinionPlan, PlannedMarket } from "./plan.ts";

/** Everything that the acts share. */
export type OpinionCast = {
  hub: Hub;
  api: ApiClient;
  addresses: Addresses;
  startBlock: number;
  plan: OpinionPlan;
  /** Asks all questions and announces all markets. */
  asker: LocalAccount;
  /** Earns all fees, and nothing else. */
  creator: LocalAccount;
  people: readonly LocalAccount[];
  /** One line for people, with the chain's time in front. */
  say(text: string): Promise<void>;
  /** Called between steps: here a server may be killed. */
  checkpoint(): void;
  /** How long a step may take before the demo fails, in seconds of this machine. */
  patience: number;
};

export type OpenedOpinions = {
  /** "m1", "m2": the same in every run. */
  key: string;
  planned: PlannedMarket;
  question: Hex;
  market: Hex;
};

/** Does all of it, so many at a time, in their order. */
export async function inLanes<T>(
  all: readonly T[],
  lanes: number,
  each: (one: T) => Promise<void>,
): Promise<void> {
  const waiting = [...all];
  const lane = async () => {
    for (let one = waiting.shift(); one !== undefined; one = waiting.shift()) await each(one);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}
