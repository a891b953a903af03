import { apiClient } from "../../api-client.ts";
import { readDiscussions } from "../../bench/analyst/opinions.ts";
import { clock } from "../act-settle.ts";
import { openHub } from "../hub.ts";
import { seededRandom } from "../random.ts";
import { openStage, type StageOptions } from "../stage.ts";
import { demoKey } from "../traders.ts";
import { auditOpinions, type OpinionAudit } from "./audit.ts";
import type { OpenedOpinions, OpinionCast } from "./cast.ts";
import { fillPurses, openOpinions } from "./open.ts";
import { type OpinionPlan, planOpinions } from "./plan.ts";
import { settleAll } from "./settle.ts";
import { stakeAll } from "./stake.ts";

export type OpinionOptions = {
  /** A statement with labelled opinions a line, as JSON. */
  file: string;
  /** Opinions that stake in a market, at most. */
  each: number;
  seed: number;
  kills: number;
  tell(text: string): void;
};
export type OpinionResult = {
  opened: OpenedOpinions[];
  audit: OpinionAudit;
  kills: number;
  /** Of them those that came while something was to be answered or paid. */
  killsAmid: number;
  seconds: number;
};

/** Before the first period of reputation: nobody has to tell records of a year that is jumped over. */
const STARTS_AT = 1_620_000_000;
const PATIENCE_SECONDS = 180;
/** What a market and a kill add to that: providers label one opinion after the other, and a server comes back. */
const PATIENCE_A_MARKET = 3;
const PATIENCE_A_KILL = 60;
/** Of each market that it closes, and that its answer is final. */
const CHECKPOINTS_A_MARKET = 2;
/** Markets that close together are paid before a process that was killed is back: where there are kills, they take turns. */
const TURN_SECONDS = 43_200;

/** A market for each statement of a file, with the opinions that people wrote about it, to the last claim; then all money is counted again. */
export async function runOpinions({ file, each, kills, ...o }: OpinionOptions): Promise<OpinionResult> {
  const started = performance.now();
  const random = seededRandom(o.seed);
  const discussions = readDiscussions(file);
  const people = Math.min(each, Math.max(2, ...discussions.map(({ opinions }) => opinions.length)));
  const plan = planOpinions(discussions, { each: people, people, random, file });
  o.tell(`${plan.markets.length} statements, ${each} opinions of each at most`);
  const apart = kills > 0 ? (["server", "providers"] as const) : [];
  return playOpinions(plan, { ...o, random, kills, apart }, async ({ cast, opened, killed }) => {
    o.tell("counting again, from chain logs and from the labels");
    const audit = await auditOpinions(cast, opened);
    return { opened, audit, ...killed, seconds: (performance.now() - started) / 1_000 };
  });
}

type PlayOptions = Pick<OpinionOptions, "seed" | "kills" | "tell"> & Pick<StageOptions, "apart" | "random">;
type Story = {
  cast: OpinionCast;
  opened: OpenedOpinions[];
  /** When the last of the answers was final, by the chain's clock. */
  finalAt: number;
  killed: Pick<OpinionResult, "kills" | "killsAmid">;
};

/** Plays the plan in a throwaway network, and hands over to `last` while it still runs. */
export async function playOpinions<T>(
  plan: OpinionPlan,
  o: PlayOptions,
  last: (story: Story) => Promise<T>,
): Promise<T> {
  const markets = plan.markets.length;
  const stage = await openStage({
    hubTimestamp: STARTS_AT,
    allowedOrigins: [],
    apart: o.apart,
    kills: o.kills,
    checkpoints: CHECKPOINTS_A_MARKET * markets,
    random: o.random,
    onStep: o.tell,
  });
  try {
    const hub = openHub(stage.rpcUrl, stage.chainId);
    const patience = PATIENCE_SECONDS + PATIENCE_A_MARKET * markets + (o.kills > 0 ? PATIENCE_A_KILL : 0);
    const cast: OpinionCast = {
      hub,
      api: apiClient(stage.apiUrl, patience),
      addresses: stage.addresses,
      startBlock: stage.startBlock,
      plan,
      asker: demoKey(o.seed, "asker"),
      creator: demoKey(o.seed, "creator"),
      people: peopleOf(plan, o.seed),
      say: async (text) => o.tell(`${clock(await hub.now())}  ${text}`),
      closeApart: o.kills > 0 ? TURN_SECONDS : 0,
      hit: async (course) => {
        stage.killed?.checkpoint(course);
        await stage.killed?.settled();
      },
      patience,
    };
    await cast.say("the fourth provider is down, and stays down");
    await fillPurses(cast);
    const opened = await openOpinions(cast);
    await stakeAll(cast, opened);
    const finalAt = await settleAll(cast, opened);
    const killed = { kills: stage.killed?.kills() ?? 0, killsAmid: stage.killed?.amid() ?? 0 };
    return await last({ cast, opened, finalAt, killed });
  } finally {
    await stage.stop();
  }
}

const peopleOf = ({ people }: OpinionPlan, seed: number): OpinionCast["people"] =>
  Array.from({ length: people }, (_, index) => demoKey(seed, `person ${index + 1}`));
