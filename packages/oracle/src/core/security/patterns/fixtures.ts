import type { UnixSeconds } from "@sooth/kernel";
import type { SecurityEvent } from "../event.ts";
import { brakesSet } from "./brakes-set.ts";
import { consumerNamed } from "./consumer-named.ts";
import { disputeSurge } from "./dispute-surge.ts";
import { gasCensorship } from "./gas-censorship.ts";
import { lateBurst } from "./late-burst.ts";
import { newKeyCluster } from "./new-key-cluster.ts";
import { sourceOutage } from "./source-outage.ts";
import { stakeChurn } from "./stake-churn.ts";
import { staleValue } from "./stale-value.ts";
import { witnessDisagreement } from "./witness-disagreement.ts";

/** Rows of a log, what the rule makes of them, and why. `fires`: severity and subject of each event, or nothing. */
export type Fixture = {
  rule: string;
  about: string;
  fires: readonly (readonly [SecurityEvent["severity"], string])[];
  run: () => SecurityEvent[];
};

const NOW = 1_800_000_000 as UnixSeconds;
const after = (seconds: number): UnixSeconds => (NOW + seconds) as UnixSeconds;
const HOUR = 3_600;
const DAY = 86_400;

/* LATE BURST */

const round = { question: "q1", opensAt: NOW, deadline: after(1_000) };
const report = (provider: string, value: bigint, at: number) => ({
  question: "q1",
  provider,
  value,
  weight: 10n,
  at: after(at),
});
const early = [report("a", 1n, 20), report("b", 1n, 30), report("c", 1n, 40)];
const late = (value: bigint) => ["d", "e", "f", "g"].map((name) => report(name, value, 950));

/* STAKE CHURN */

const snapshot = { domain: 0, epoch: 9, at: after(DAY), totalStake: 1_000n };
const stake = (provider: string, delta: bigint, at: number) => ({ provider, delta, at: after(at) });

/* STALE VALUE */

const figures = (values: readonly bigint[], finals: readonly bigint[]) =>
  values.map((value, index) => ({
    feed: "eth",
    provider: "a",
    value,
    final: finals[index] ?? value,
    tolerance: 5n,
    at: after(index * HOUR),
  }));

/* NEW KEYS */

const join = (provider: string, amount: bigint, origin: string | null, at: number) => ({
  provider,
  stake: amount,
  origin,
  at: after(at),
});

/* SOURCES */

const reading = (source: string, provider: string, ok: boolean) => ({ source, provider, ok, at: after(-60) });
const readers = (source: string, failed: number) =>
  ["a", "b", "c", "d"].map((provider, index) => reading(source, provider, index >= failed));

/* GAS */

const blocks = (calm: bigint, dear: bigint) => [
  ...Array.from({ length: 50 }, (_, index) => ({
    number: index,
    baseFee: calm,
    at: after(-DAY + index * HOUR * 0.4),
  })),
  ...Array.from({ length: 20 }, (_, index) => ({ number: 50 + index, baseFee: dear, at: after(index * 30) })),
];
const waiting = (includedAt: number | null) => [
  {
    subject: "report q1",
    sentAt: NOW,
    deadline: after(500),
    includedAt: includedAt === null ? null : after(includedAt),
  },
];

/* DISPUTES */

const answers = (count: number, disputed: number, from: number) =>
  Array.from({ length: count }, (_, index) => ({
    domain: "sports",
    disputed: index < disputed,
    at: after(from + index),
  }));

/* WITNESSES */

const asked = (counted: boolean) => ({
  question: "q1",
  counted,
  tolerance: counted ? 0n : 5n,
  totalWeight: 100n,
  at: NOW,
});
const says = (provider: string, value: bigint, weight: bigint, model: string | null = null) => ({
  question: "q1",
  provider,
  value,
  weight,
  model,
});
const people = [says("a", 1n, 25n), says("b", 1n, 25n), says("c", 1n, 25n)];

export const FIXTURES: readonly Fixture[] = [
  {
    rule: "late-burst",
    about: "four reports turn the answer in the last tenth of the round",
    fires: [[4, "q1"]],
    run: () => lateBurst([round], [...early, ...late(0n)], after(1_000)),
  },
  {
    rule: "late-burst",
    about: "four late reports that agree with the early ones are worth knowing",
    fires: [[2, "q1"]],
    run: () => lateBurst([round], [...early, ...late(1n)], after(1_000)),
  },
  {
    rule: "late-burst",
    about: "one late report among many, and a round that still runs, are nothing",
    fires: [],
    run: () => [
      ...lateBurst([round], [...early, report("d", 0n, 950)], after(1_000)),
      ...lateBurst([round], [...early, ...late(0n)], after(999)),
    ],
  },
  {
    rule: "stake-churn",
    about: "a third of all stake moves in the hours before the epoch",
    fires: [[4, "domain 0 epoch 9"]],
    run: () => stakeChurn([snapshot], [stake("a", 200n, DAY - HOUR), stake("b", -140n, DAY - 60)]),
  },
  {
    rule: "stake-churn",
    about: "the same stake a day earlier, or after the snapshot, is nothing",
    fires: [],
    run: () => stakeChurn([snapshot], [stake("a", 500n, 0), stake("b", 500n, DAY + 1), stake("c", 50n, DAY)]),
  },
  {
    rule: "stale-value",
    about: "five equal figures while the price leaves",
    fires: [[2, "a"]],
    run: () => staleValue(figures([90n, 100n, 100n, 100n, 100n, 100n], [90n, 100n, 103n, 108n, 115n, 120n])),
  },
  {
    rule: "stale-value",
    about: "equal figures in a quiet market, and four stale ones, are nothing",
    fires: [],
    run: () => [
      ...staleValue(
        figures(
          Array.from({ length: 30 }, () => 100n),
          Array.from({ length: 30 }, () => 102n),
        ),
      ),
      ...staleValue(figures([100n, 100n, 100n, 100n], [100n, 110n, 120n, 130n])),
    ],
  },
  {
    rule: "new-key-cluster",
    about: "three keys of one origin join within an hour and could veto",
    fires: [[5, "origin 0xaa"]],
    run: () =>
      newKeyCluster(
        [join("a", 100n, "0xAA", 0), join("b", 120n, "0xaa", 60), join("c", 140n, "0xAa", 900)],
        1_000n,
      ),
  },
  {
    rule: "new-key-cluster",
    about: "four keys with the same stake, small",
    fires: [[2, "stake 7"]],
    run: () =>
      newKeyCluster(
        ["a", "b", "c", "d"].map((name, index) => join(name, 7n, null, index * 60)),
        1_000n,
      ),
  },
  {
    rule: "new-key-cluster",
    about: "the same, a week apart each, and three different ones, are nothing",
    fires: [],
    run: () => [
      ...newKeyCluster(
        ["a", "b", "c"].map((name, index) => join(name, 7n, null, index * 7 * DAY)),
        1_000n,
      ),
      ...newKeyCluster(
        ["a", "b", "c"].map((name, index) => join(name, BigInt(index + 1), null, 0)),
        1_000n,
      ),
    ],
  },
  {
    rule: "source-outage",
    about: "one of three sources fails for three of four readers",
    fires: [[3, "x"]],
    run: () => sourceOutage([...readers("x", 3), ...readers("y", 0), ...readers("z", 1)], NOW),
  },
  {
    rule: "source-outage",
    about: "two of three sources fail at once",
    fires: [
      [4, "x"],
      [4, "y"],
    ],
    run: () => sourceOutage([...readers("x", 4), ...readers("y", 3), ...readers("z", 0)], NOW),
  },
  {
    rule: "source-outage",
    about: "one provider without a network, or an outage that is over, is nothing",
    fires: [],
    run: () => [
      ...sourceOutage([...readers("x", 1), ...readers("y", 1)], NOW),
      ...sourceOutage(readers("x", 4), after(2 * HOUR)),
    ],
  },
  {
    rule: "gas-censorship",
    about: "gas is ten times dearer while a report waits and comes too late",
    fires: [[5, "report q1"]],
    run: () => gasCensorship(blocks(10n, 100n), waiting(null), after(600)),
  },
  {
    rule: "gas-censorship",
    about: "the same, and it came in time",
    fires: [[4, "report q1"]],
    run: () => gasCensorship(blocks(10n, 100n), waiting(400), after(600)),
  },
  {
    rule: "gas-censorship",
    about: "dear gas without anything waiting, and a slow report at usual gas, are nothing",
    fires: [],
    run: () => [
      ...gasCensorship(blocks(10n, 100n), [], after(600)),
      ...gasCensorship(blocks(10n, 100n), waiting(30), after(600)),
      ...gasCensorship(blocks(10n, 20n), waiting(null), after(600)),
    ],
  },
  {
    rule: "dispute-surge",
    about: "one in ten answers of the day is disputed, after a month of one in a hundred",
    fires: [[4, "sports"]],
    run: () => disputeSurge([...answers(3_000, 30, -20 * DAY), ...answers(100, 8, -HOUR)], NOW),
  },
  {
    rule: "dispute-surge",
    about: "a usual day, four disputes of four, and a first day are nothing",
    fires: [],
    run: () => [
      ...disputeSurge([...answers(3_000, 30, -20 * DAY), ...answers(1_000, 10, -HOUR)], NOW),
      ...disputeSurge([...answers(3_000, 30, -20 * DAY), ...answers(4, 4, -HOUR)], NOW),
      ...disputeSurge(answers(100, 50, -HOUR), NOW),
    ],
  },
  {
    rule: "brakes",
    about: "a breaker trips, and the guardian pauses",
    fires: [
      [3, "breaker value"],
      [4, "pause 1"],
    ],
    run: () =>
      brakesSet([
        { subject: "breaker value", found: "11", limit: "10", guardian: null, until: after(DAY), at: NOW },
        { subject: "pause 1", found: null, limit: null, guardian: "0x01", until: after(HOUR), at: NOW },
      ]),
  },
  { rule: "brakes", about: "nobody does", fires: [], run: () => brakesSet([]) },
  {
    rule: "consumer-named",
    about: "the policy names a consumer that is believed in 45 days",
    fires: [[3, "consumer 0x01"]],
    run: () => consumerNamed([{ consumer: "0x01", from: after(45 * DAY), at: NOW }], NOW),
  },
  {
    rule: "consumer-named",
    about: "one that was taken back, and one that is believed, are nothing new",
    fires: [],
    run: () =>
      consumerNamed(
        [
          { consumer: "0x01", from: 0, at: NOW },
          { consumer: "0x02", from: NOW, at: NOW },
        ],
        NOW,
      ),
  },
  {
    rule: "witness-disagreement",
    about: "a model with a ninth of the weight says No where people say Yes",
    fires: [[2, "q1"]],
    run: () => witnessDisagreement([asked(true)], [...people, says("m", 0n, 11n, "family 1")]),
  },
  {
    rule: "witness-disagreement",
    about: "models with more than a fifth of the weight",
    fires: [[3, "q1"]],
    run: () =>
      witnessDisagreement(
        [asked(true)],
        [...people, says("m", 0n, 11n, "family 1"), says("n", 0n, 11n, "family 2")],
      ),
  },
  {
    rule: "witness-disagreement",
    about: "they turn what two people of three say",
    fires: [[4, "q1"]],
    run: () =>
      witnessDisagreement(
        [asked(true)],
        [says("a", 1n, 25n), says("b", 1n, 15n), says("c", 0n, 25n), says("m", 0n, 20n, "family 1")],
      ),
  },
  {
    rule: "witness-disagreement",
    about: "models alone say two things, and a source that is a model contradicts its reader",
    fires: [
      [3, "q1"],
      [2, "q1"],
    ],
    run: () => [
      ...witnessDisagreement(
        [asked(true)],
        [says("m", 0n, 11n, "family 1"), says("n", 1n, 11n, "family 2"), says("o", 1n, 11n, "family 3")],
      ),
      ...witnessDisagreement([asked(true)], [...people, says("a", 0n, 0n, "source w")]),
    ],
  },
  {
    rule: "witness-disagreement",
    about: "a figure further off than the tolerance",
    fires: [[2, "q1"]],
    run: () =>
      witnessDisagreement(
        [asked(false)],
        [says("a", 100n, 25n), says("b", 104n, 25n), says("m", 106n, 11n, "family 1")],
      ),
  },
  {
    rule: "witness-disagreement",
    about: "people who disagree, models that agree, a figure within tolerance and nobody at all are nothing",
    fires: [],
    run: () => [
      ...witnessDisagreement([asked(true)], [...people, says("d", 0n, 25n), says("m", 1n, 11n, "family 1")]),
      ...witnessDisagreement([asked(false)], [says("a", 100n, 25n), says("m", 105n, 11n, "family 1")]),
      ...witnessDisagreement([asked(true)], [says("m", 1n, 11n, "family 1"), says("n", 1n, 11n, "family 2")]),
      ...witnessDisagreement([asked(true)], []),
    ],
  },
];
