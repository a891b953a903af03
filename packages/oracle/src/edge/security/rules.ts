import type { UnixSeconds } from "@sooth/kernel";
import type { Executor } from "@sooth/store";
import {
  brakesSet,
  consumerNamed,
  disputeSurge,
  gasCensorship,
  lateBurst,
  newKeyCluster,
  LEAST_DISPUTES,
  type SecurityEvent,
  sourceOutage,
  stakeChurn,
  staleValue,
  witnessDisagreement,
} from "../../core/index.ts";
import { feesSince } from "./block-fees.ts";
import {
  answersOfMonth,
  brakesOfDay,
  consumersNamed,
  endedRounds,
  epochsFormed,
  feedFigures,
  newProviders,
  readings,
  waitingAnswers,
} from "./rule-rows.ts";
import { modelsSaid } from "./witness-rows.ts";

const TWO_DAYS = 2 * 86_400;

/** Every attack pattern, with the rows that it is looked for in. */
const RULES: readonly ((db: Executor, now: UnixSeconds) => Promise<SecurityEvent[]>)[] = [
  async (db, now) => {
    const { rounds, reports } = await endedRounds(db, now);
    return lateBurst(rounds, reports, now);
  },
  async (db, now) => {
    const { snapshots, moves } = await epochsFormed(db, now);
    return stakeChurn(snapshots, moves);
  },
  async (db, now) => staleValue(await feedFigures(db, now)),
  async (db, now) => {
    const { joins, totalStake } = await newProviders(db, now);
    return newKeyCluster(joins, totalStake);
  },
  async (db, now) => sourceOutage(await readings(db, now), now),
  async (db, now) => {
    const [blocks, waiting] = await Promise.all([feesSince(db, now - TWO_DAYS), waitingAnswers(db, now)]);
    return gasCensorship(blocks, waiting, now);
  },
  async (db, now) => disputeSurge(await answersOfMonth(db, now, LEAST_DISPUTES), now),
  async (db, now) => brakesSet(await brakesOfDay(db, now)),
  async (db, now) => consumerNamed(await consumersNamed(db, now), now),
  async (db, now) => {
    const { questions, said } = await modelsSaid(db, now);
    return witnessDisagreement(questions, said);
  },
];

/** What all rules see at `now`, unix seconds by the chain's clock. Writes nothing. */
export async function runRules(db: Executor, now: UnixSeconds): Promise<SecurityEvent[]> {
  const seen: SecurityEvent[] = [];
  for (const rule of RULES) seen.push(...(await rule(db, now)));
  return seen;
}
