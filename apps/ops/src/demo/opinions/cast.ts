import type { Addresses } from "@sooth/chain";
import type { Hex } from "@sooth/kernel";
import type { LocalAccount } from "viem";
import type { ApiClient } from "../../api-client.ts";
import type { Hub } from "../hub.ts";
import type { Course } from "../killed-server.ts";
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
  /** Seconds from the closing of one market to that of the next; none: all close at the same time. */
  closeApart: number;
  /** Called when something begins: here a process may be killed. Resolves once that is done, and all are back. */
  hit(course: Course): Promise<void>;
  /** How long a step may take before the demo fails, in seconds of this machine. */
  patience: number;
};

export type OpenedOpinions = {
  /** "m1", "m2": the same in every run. */
  key: string;
  planned: PlannedMarket;
  question: Hex;
  market: Hex;
  closesAt: number;
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
