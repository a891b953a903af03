import { apiClient } from "../api-client.ts";
import { demoTraders, fillPurses, openMarkets, placeStakes } from "./act-open.ts";
import { clock, settle } from "./act-settle.ts";
import { type Audit, audit } from "./audit.ts";
import type { Cast, OpenedMarket } from "./cast.ts";
import { openHub } from "./hub.ts";
import { readPrices, wildestDays } from "./prices.ts";
import { seededRandom } from "./random.ts";
import { planScenario } from "./scenario.ts";
import { LIAR, LIE, startSources } from "./sources.ts";
import { openStage } from "./stage.ts";
import { demoKey } from "./traders.ts";

export type DemoOptions = {
  /** A CSV of date,value; undefined takes the one that is shipped. */
  prices: string | undefined;
  seed: number;
  kills: number;
  tell(text: string): void;
};

export type DemoResult = {
  days: string[];
  opened: OpenedMarket[];
  audit: Audit;
  kills: number;
  seconds: number;
};

/** How long one step may take. A killed server needs some seconds to come back, and its lease some more. */
const PATIENCE_SECONDS = 180;
/** Of the whole story, roughly: 10 while opening, 30 while staking, 15 while settling. Kills are spread over them. */
const CHECKPOINTS = 54;

/** Plays the whole story on a throwaway network, and counts the money again from chain logs. */
export async function runDemo(o: DemoOptions): Promise<DemoResult> {
  const started = performance.now();
  const random = seededRandom(o.seed);
  const scenario = planScenario(wildestDays(readPrices(o.prices)), random);
  const dates = scenario.days.map(({ date }) => date);
  o.tell(`the days from ${dates[0]} to ${dates.at(-1)}, in which the price moved most`);
  const sources = await startSources(scenario.days, scenario.startsAt);
  try {
    o.tell(`three exchanges answer from the price file; ${LIAR} lies: every price times ${LIE}`);
    const stage = await openStage({
      hubTimestamp: scenario.startsAt,
      allowedOrigins: sources.origins,
      apart: o.kills > 0 ? ["server"] : [],
      kills: o.kills,
      checkpoints: CHECKPOINTS,
      random,
      onStep: o.tell,
    });
    try {
      const hub = openHub(stage.rpcUrl, stage.chainId);
      sources.follow(hub.now);
      const cast: Cast = {
        hub,
        api: apiClient(stage.apiUrl, PATIENCE_SECONDS),
        addresses: stage.addresses,
        scenario,
        asker: demoKey(o.seed, "asker"),
        traders: demoTraders(o.seed),
        sourcesFor: sources.for,
        say: async (text) => o.tell(`${clock(await hub.now())}  ${text}`),
        checkpoint: async () => stage.killed?.checkpoint(),
        patience: PATIENCE_SECONDS,
      };
      await cast.say("the fourth provider is down, and stays down");
      const opened = await playActs(cast);
      await stage.killed?.settled();
      o.tell("counting again, from chain logs alone");
      const found = await audit(cast, opened, stage.startBlock);
      const seconds = (performance.now() - started) / 1_000;
      return { days: dates, opened, audit: found, kills: stage.killed?.kills() ?? 0, seconds };
    } finally {
      await stage.stop();
    }
  } finally {
    await sources.stop();
  }
}

async function playActs(cast: Cast): Promise<OpenedMarket[]> {
  await fillPurses(cast);
  const opened = await openMarkets(cast);
  await placeStakes(cast, opened);
  for (const market of opened) await settle(cast, market);
  return opened;
}
