import { drandBeaconAbi } from "@sooth/abi";
import { at, need } from "@sooth/kernel";
import { timeOf } from "@sooth/randomness/core";
import path from "node:path";
import { auditOpinions } from "../demo/opinions/audit.ts";
import type { OpinionCast } from "../demo/opinions/cast.ts";
import { type OpinionPlan, type PlannedMarket, planOpinions } from "../demo/opinions/plan.ts";
import { opinionReader } from "../demo/opinions/read-logs.ts";
import type { OpinionLog } from "../demo/opinions/reckon.ts";
import { playOpinions } from "../demo/opinions/run-opinions.ts";
import { seededRandom } from "../demo/random.ts";
import { type Discussion, readDiscussions } from "./analyst/opinions.ts";
import { type BenchPart, type Measurement, measurement, percentile } from "./measurement.ts";

const MARKETS = 200;
const EACH = 3;
/** Opinions of one market more, and so many people there are. */
const MANY = 300;
const SEED = 1;
const TARGET_BLOCKS = 3;
const FILE = path.resolve(import.meta.dirname, "../demo/opinions/two-statements.jsonl");

/**
 * How long markets wait that all close together: blocks from what a market's last transaction needs last (its answer's finality,
 * and the round of the beacon that draws its prizes) to that transaction, by the chain's logs. Beside it where the blocks go, and
 * into how many transactions. What a score takes of many opinions is exact, and stands with the contract's gas tests.
 */
export const opinions: BenchPart = {
  name: "opinions",
  about: `blocks until ${MARKETS} opinion markets that close together are paid`,
  run: async (onStep) => {
    const random = seededRandom(SEED);
    const plan = planOf(readDiscussions(FILE), random);
    // Each stake and pay-out would be a line.
    const tell = (text: string) => void (/person|prizes|m\d+:/.test(text) || onStep(text));
    return playOpinions(
      plan,
      { seed: SEED, kills: 0, apart: ["server"], random, tell },
      async ({ cast, opened, finalAt }) => {
        onStep("counting again");
        const { differences } = await auditOpinions(cast, opened);
        return [...(await measure(cast, finalAt)), wrong(differences.length)];
      },
    );
  },
};

/** The same few statements and texts, over and over. */
function planOf(discussions: readonly Discussion[], random: ReturnType<typeof seededRandom>): OpinionPlan {
  const taken = (index: number) => at(discussions, index % discussions.length);
  const few = Array.from({ length: MARKETS }, (_, index) => taken(index));
  const { statement, opinions: texts } = taken(0);
  const many = Array.from({ length: MANY }, (_, index) => {
    const one = at(texts, index % texts.length);
    return { ...one, text: `${one.text} (${index})` };
  });
  const shared = { people: MANY, random, file: FILE };
  const largest = planOpinions([{ statement, opinions: many }], { ...shared, each: MANY }).markets;
  const markets = [...planOpinions(few, { ...shared, each: EACH }).markets, ...largest];
  return { people: MANY, markets: markets.map(withOwnGas) };
}

/** The relay takes 75 stakes a minute. */
const withOwnGas = (market: PlannedMarket): PlannedMarket => ({
  ...market,
  opinions: market.opinions.map((opinion) => ({ ...opinion, gasless: false })),
});

async function measure(cast: OpinionCast, finalAt: number): Promise<Measurement[]> {
  const logs = await opinionReader(cast)();
  const ofMarket = Map.groupBy(logs, ({ args }) => ("market" in args ? args.market : null));
  const markets = [...ofMarket].flatMap(([id, its]) => (id === null ? [] : [its]));
  const ends = markets.map((its) => need(its.find(isScored), "a score"));
  const first = Math.min(...ends.map(({ block }) => block)) - 2;
  const last = Math.max(...logs.map(({ block }) => block));
  const times = await timesOf(cast, first, last);
  /** The first block that is not before `time`. */
  const blockAt = (time: number): number => first + times.findIndex((one) => one >= time);
  const roundTime = await roundTimes(cast);
  const wanted = ends.map(({ args: { round } }) =>
    blockAt(Math.max(finalAt, round === 0n ? 0 : roundTime(round))),
  );
  const waited = markets.map((its, index) => Math.max(...its.map(({ block }) => block)) - at(wanted, index));
  const scored = ends.map(({ block }) => block - blockAt(finalAt));
  const proved = await provedBlocks(cast);
  const proofs = ends.flatMap(({ args: { round } }, index) => {
    const block = proved.get(round);
    return block === undefined ? [] : [block - at(wanted, index)];
  });
  const steps = logs.filter(({ event }) => STEPS.has(event));
  return [
    ...(["p95", "p50"] as const).map((which) =>
      row(`opinions.input_to_last_transaction_${which}`, waited, which === "p95" ? 0.95 : 0.5),
    ),
    row("opinions.final_to_score_p95", scored, 0.95),
    row("opinions.input_to_proof_p95", proofs, 0.95),
    measurement({
      name: "opinions.transactions",
      value: new Set(steps.map(({ transaction }) => transaction)).size,
      unit: "transactions",
      reference: steps.length,
      against: "scores and payments that they made",
      smallerIsBetter: true,
    }),
  ];
}

const row = (name: string, blocks: readonly number[], share: number): Measurement =>
  measurement({
    name,
    value: percentile(blocks, share),
    unit: "blocks",
    reference: TARGET_BLOCKS,
    against: `target of the design, of ${blocks.length} markets`,
    smallerIsBetter: true,
  });

/** Figures of markets that pay wrongly are worth nothing. */
const wrong = (differences: number): Measurement =>
  measurement({
    name: "opinions.differences",
    value: differences,
    unit: "differences",
    reference: 0,
    against: "every pay-out worked out again from the logs",
    smallerIsBetter: true,
    isLimit: true,
  });

/** What the keeper did. */
const STEPS: ReadonlySet<string> = new Set(["Scored", "Voided", "Claimed", "PrizePaid", "FeeCollected"]);

/** The block in which each round was proved. */
async function provedBlocks({ hub, addresses, startBlock }: OpinionCast): Promise<Map<bigint, number>> {
  const proved = await hub.client.getContractEvents({
    address: addresses.beacon,
    abi: drandBeaconAbi,
    eventName: "Proved",
    fromBlock: BigInt(startBlock),
    strict: true,
  });
  return new Map(proved.map(({ args, blockNumber }) => [args.round, Number(blockNumber)]));
}

type Scored = Extract<OpinionLog, { event: "Scored" }>;
const isScored = (log: OpinionLog): log is Scored => log.event === "Scored";

const timesOf = ({ hub }: OpinionCast, first: number, last: number): Promise<number[]> =>
  Promise.all(
    Array.from({ length: last - first + 1 }, async (_, index) =>
      Number((await hub.client.getBlock({ blockNumber: BigInt(first + index) })).timestamp),
    ),
  );

async function roundTimes({ hub, addresses }: OpinionCast): Promise<(round: bigint) => number> {
  const contract = { address: addresses.beacon, abi: drandBeaconAbi } as const;
  const [genesis, period] = await Promise.all([
    hub.client.readContract({ ...contract, functionName: "GENESIS" }),
    hub.client.readContract({ ...contract, functionName: "PERIOD" }),
  ]);
  return (round) => timeOf({ genesis, period }, round);
}
