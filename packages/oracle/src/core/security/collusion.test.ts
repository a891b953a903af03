import type { UnixSeconds } from "@sooth/kernel";
import { keccak256, stringToHex } from "viem";
import { expect, test } from "vitest";
import { type Circumstances, type Cluster, evidenceOfCluster, findClusters } from "./collusion.ts";
import { createMonitor, judgeCode, judgeMeasure, judgeVote, type Monitor } from "./monitor.ts";
import { addMarks, createSharing, sharedPairs } from "./sharing.ts";
import { limitsWith } from "./thresholds.ts";

const LIMITS = limitsWith();
const ALONE: Circumstances = { origins: [], guilty: [] };
const NOW = 1_800_000_000 as UnixSeconds;

/** Small generator of the same numbers everywhere. Source: mulberry32. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

type World = {
  seed: number;
  providers: number;
  questions: number;
  /** These give the same wrong value on one question in fifty. */
  clique?: readonly number[];
  /** These read one source, which is wrong on one question in a hundred. */
  readers?: readonly number[];
  /** follower: leader */
  copies?: ReadonlyMap<number, number>;
};

/** Easy, middling and hard questions, providers of different skill, and one plausible mistake that most fall for. */
function watch({
  seed,
  providers,
  questions,
  clique = [],
  readers = [],
  copies = new Map(),
}: World): Monitor {
  const random = numbers(seed);
  const skill = Array.from({ length: providers }, () => Math.exp(random() + random() - 1));
  const delay = Array.from({ length: providers }, () => 800 + 6_000 * random());
  const monitor = createMonitor(providers, 2);
  for (let question = 0; question < questions; question += 1) {
    const draw = random();
    const error = draw < 0.8 ? 0.004 : draw < 0.95 ? 0.05 : 0.25;
    const attacked = random() < 0.02;
    const misread = random() < 0.01;
    const answers = skill.map((times, provider) => {
      const mistake = random() < 0.7 ? 1 : 2;
      let value = random() < error * times ? mistake : 0;
      let source: number | null = null;
      if (misread && readers.includes(provider)) [value, source] = [1, 77];
      if (attacked && clique.includes(provider)) value = 1;
      return { provider, value, source, at: (delay[provider] ?? 0) * (0.6 + 0.8 * random()) };
    });
    for (const [follower, leader] of copies) {
      const [one, other] = [answers[follower], answers[leader]];
      if (one && other) [one.value, one.at] = [other.value, other.at + 200 + 1_000 * random()];
    }
    judgeCode(
      monitor,
      { domain: question % 2, finalAt: (NOW + question) as UnixSeconds, final: 0, answers },
      LIMITS,
    );
  }
  return monitor;
}

const found = (monitor: Monitor, known: Circumstances = ALONE): Cluster[] =>
  findClusters(monitor, LIMITS, known);

test("independent providers stay within the budget, over twenty worlds of 435 pairs", () => {
  let linked = 0;
  for (let seed = 1; seed <= 20; seed += 1)
    for (const { links } of found(watch({ seed, providers: 30, questions: 1_000 }))) linked += links.length;
  // Twenty scans at 0.05 each: one link is expected at the edge of the budget, more than four one time in 250.
  expect(linked).toBeLessThanOrEqual(4);
});

test("what the model calls chance is what chance gives", () => {
  const monitor = watch({ seed: 5, providers: 20, questions: 20_000 });
  const pairs = sharedPairs(monitor.errors, LIMITS);
  const sum = (of: (pair: (typeof pairs)[number]) => number): number =>
    pairs.reduce((all, pair) => all + of(pair), 0);
  expect(pairs).toHaveLength(190);
  expect(sum(({ shared }) => shared) / sum(({ expected }) => expected)).toBeCloseTo(1, 1);
  // T is close to a standard normal, and closer to zero than to two on the whole.
  expect(Math.sqrt(sum(({ t }) => t * t) / pairs.length)).toBeLessThan(1.6);
});

test.each([1, 2, 3, 4, 5])("a clique of four is found, and nobody else (seed %i)", (seed) => {
  const clusters = found(watch({ seed, providers: 25, questions: 4_000, clique: [2, 7, 11, 19] }));
  expect(clusters.map(({ members, step }) => ({ members, step }))).toEqual([
    { members: [2, 7, 11, 19], step: 2 },
  ]);
});

test("honest agreement is never evidence: all say the same for ten thousand questions", () => {
  const monitor = createMonitor(12, 1);
  for (let question = 0; question < 10_000; question += 1) {
    const answers = Array.from({ length: 12 }, (_, provider) => ({
      provider,
      value: 1n,
      at: 1_000,
      source: null,
    }));
    judgeCode(monitor, { domain: 0, finalAt: NOW, final: 1n, answers }, LIMITS);
  }
  expect(found(monitor)).toEqual([]);
  for (const { shared, expected, t } of sharedPairs(monitor.errors, LIMITS))
    expect({ shared, expected, t }).toEqual({ shared: 0, expected: 0, t: 0 });
});

test("readers of one source that failed end at step 1, whatever else speaks for a common hand", () => {
  const monitor = watch({ seed: 9, providers: 25, questions: 12_000, readers: [1, 4, 20] });
  const origins = [1, 4, 20].map((provider) => ({ provider, origin: "0xAA" }));
  expect(
    found(monitor, { origins, guilty: [] }).map(({ members, step, notice }) => ({ members, step, notice })),
  ).toEqual([{ members: [1, 4, 20], step: 1, notice: "one source" }]);
});

test("one who reads the source and belongs to a clique does not drag the other readers in", () => {
  const monitor = watch({ seed: 3, providers: 25, questions: 8_000, readers: [1, 4, 20], clique: [4, 8, 9] });
  expect(found(monitor).map(({ members, step }) => ({ members, step }))).toEqual([
    { members: [4, 8, 9], step: 2 },
    { members: [1, 20], step: 1 },
  ]);
});

test("stake of one origin makes a clique a case, a court makes it guilty; neither makes a cluster by itself", () => {
  const monitor = watch({ seed: 2, providers: 25, questions: 4_000, clique: [2, 7, 11] });
  const origins = [2, 7, 24].map((provider) => ({ provider, origin: provider === 7 ? "0xaa" : "0xAA" }));
  expect(found(monitor, { origins, guilty: [] }).map(({ members, step }) => ({ members, step }))).toEqual([
    { members: [2, 7, 11], step: 3 },
  ]);
  expect(found(monitor, { origins, guilty: [[2, 7]] })[0]?.step).toBe(4);
  const crowd = Array.from({ length: 20 }, (_, provider) => ({ provider, origin: "0xEE" }));
  expect(found(monitor, { origins: crowd, guilty: [] })[0]?.step).toBe(2);
});

test("who is copied is named, and is not accused", () => {
  const monitor = watch({ seed: 6, providers: 20, questions: 8_000, copies: new Map([[3, 14]]) });
  expect(
    found(monitor).map(({ members, copied, step, notice }) => ({ members, copied, step, notice })),
  ).toEqual([{ members: [3], copied: [14], step: 1, notice: "copies" }]);
});

test("a copy of one who reads a source makes no accomplices of the others who read it", () => {
  const readers = [1, 4, 20];
  const monitor = watch({ seed: 9, providers: 25, questions: 12_000, readers, copies: new Map([[3, 1]]) });
  const clusters = found(monitor);
  const members = clusters.flatMap((cluster) => cluster.members);
  expect(members).toContain(3);
  expect(members.filter((member) => ![1, 3, 4, 20].includes(member))).toEqual([]);
  expect(clusters.filter(({ step }) => step > 1)).toEqual([]);
});

test("figures outside their tolerance are errors as others are: whoever shares them too often is found", () => {
  const random = numbers(11);
  const monitor = createMonitor(12, 1);
  for (let round = 0; round < 1_500; round += 1) {
    const final = BigInt(1_000_000 + Math.floor(random() * 1_000));
    const off = (): bigint => BigInt(Math.floor((random() < 0.5 ? -1 : 1) * (600 + random() * 4_000)));
    const together = random() < 0.05 ? off() : null;
    const answers = Array.from({ length: 12 }, (_, provider) => {
      const own = random() < 0.05 ? off() : BigInt(Math.floor(random() * 100));
      const error = together !== null && provider > 9 ? together + BigInt(provider) : own;
      return { provider, value: final + error, at: null, source: null, sourceValue: null };
    });
    judgeMeasure(monitor, { domain: 0, finalAt: NOW, final, tolerance: 500n, answers }, LIMITS);
  }
  expect(found(monitor).map(({ members, step }) => ({ members, step }))).toEqual([
    { members: [10, 11], step: 2 },
  ]);
});

test("shifted figures are found by their residuals, and go no further than one cap; those of one source are not found", () => {
  const random = numbers(8);
  const noise = (): number => (random() + random() + random() - 1.5) * 400;
  const monitor = createMonitor(12, 1);
  for (let round = 0; round < 1_500; round += 1) {
    const final = BigInt(1_000_000 + Math.floor(random() * 1_000));
    const feed = noise();
    const push = noise();
    const answers = Array.from({ length: 12 }, (_, provider) => {
      // 0, 1 and 2 read one source; 9, 10 and 11 are pushed the same way by one hand.
      const reads = provider < 3;
      const shift = reads ? feed + noise() / 8 : provider > 8 ? push + noise() / 2 : noise();
      return {
        provider,
        value: final + BigInt(Math.round(shift)),
        at: null,
        source: reads ? 1 : null,
        sourceValue: reads ? final + BigInt(Math.round(feed)) : null,
      };
    });
    judgeMeasure(monitor, { domain: 0, finalAt: NOW, final, tolerance: 500n, answers }, LIMITS);
  }
  expect(found(monitor).map(({ members, step }) => ({ members, step }))).toEqual([
    { members: [9, 10, 11], step: 1 },
  ]);
});

test("votes in a bloc against verdicts turn a cluster into a case", () => {
  const monitor = watch({ seed: 4, providers: 25, questions: 4_000, clique: [5, 6, 17] });
  const random = numbers(4);
  for (let jury = 0; jury < 400; jury += 1) {
    const bloc = random() < 0.2;
    const votes = Array.from({ length: 25 }, (_, provider) => ({
      provider,
      choice: bloc && [5, 6, 17].includes(provider) ? 2 : random() < 0.08 ? 2 : 1,
    }));
    judgeVote(monitor, { domain: 0, finalAt: NOW, verdict: 1, votes });
  }
  const [cluster] = found(monitor);
  expect(cluster).toMatchObject({ members: [5, 6, 17], step: 3 });
  expect(new Set(cluster?.links.map(({ signal }) => signal))).toEqual(new Set(["errors", "votes"]));
});

test("the same last digits, again and again, link figures that otherwise differ", () => {
  const random = numbers(12);
  const sharing = createSharing(10);
  for (let round = 0; round < 2_000; round += 1) {
    const copied = Math.floor(random() * 100);
    const answers = Array.from({ length: 10 }, (_, provider) => ({
      provider,
      mark: provider < 2 && random() < 0.3 ? copied : Math.floor(random() * 100),
      excuse: null,
    }));
    addMarks(sharing, 0, answers);
  }
  const pairs = sharedPairs(sharing, LIMITS).filter(({ t }) => t > LIMITS.linkT);
  expect(pairs.map(({ a, b }) => [a, b])).toEqual([[0, 1]]);
});

test("a scan in between changes nothing of what comes after", () => {
  const once = createSharing(8);
  const often = createSharing(8);
  const random = numbers(3);
  for (let question = 0; question < 777; question += 1) {
    const answers = Array.from({ length: 8 }, (_, provider) => ({
      provider,
      mark: random() < 0.2 ? 1 : null,
      excuse: null,
    })).filter(() => random() < 0.9);
    addMarks(once, 0, answers);
    addMarks(often, 0, answers);
    if (question % 50 === 0) sharedPairs(often, LIMITS);
  }
  expect(sharedPairs(often, LIMITS)).toEqual(sharedPairs(once, LIMITS));
});

test("memory depends on the providers, not on the questions: 200 of them take less than 40 MB", () => {
  const size = (value: object): number =>
    Object.values(value).reduce(
      (sum: number, part: unknown) =>
        sum +
        (ArrayBuffer.isView(part) ? part.byteLength : typeof part === "object" && part ? size(part) : 0),
      0,
    );
  expect(size(createMonitor(200, 4))).toBeLessThan(40e6);
});

test("the record of a cluster is canonical, and anybody can hash it again", () => {
  const monitor = watch({ seed: 1, providers: 25, questions: 4_000, clique: [2, 7, 11, 19] });
  const owners = Array.from(
    { length: 25 },
    (_, index) => `0x${(index + 1).toString(16).padStart(40, "0")}` as const,
  );
  const [cluster] = found(monitor);
  if (!cluster) throw new Error("no cluster");
  const about = { chainId: 31_337, at: NOW, monitor, limits: LIMITS, owners };
  const record = evidenceOfCluster(cluster, about);
  expect(record.hash).toBe(keccak256(stringToHex(record.text)));
  expect(evidenceOfCluster(cluster, about)).toEqual(record);
  expect(JSON.parse(record.text)).toMatchObject({
    kind: "collusion",
    step: 2,
    members: [2, 7, 11, 19].map((index) => owners[index]),
    linksInAll: 6,
    window: { questions: 4_000, from: NOW },
    limits: { linkT: "4" },
  });
});

test("a threshold outside its bounds is held at them", () => {
  expect(limitsWith({ linkT: 0.1, level: 5 })).toMatchObject({ linkT: 2, level: 0.1, minCommon: 200 });
});
