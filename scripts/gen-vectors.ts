/**
 * Writes vectors/*.json: cases that the contracts and their mirrors in TypeScript must both satisfy.
 *
 * The rules are worked out here a third time and in another way (caps by bisection, medians by repetition), so that a
 * mistake shared by contract and mirror would still have to be made a third time.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import {
  concat,
  encodeAbiParameters,
  encodePacked,
  hashTypedData,
  type Hex,
  keccak256,
  numberToHex,
  pad,
  parseSignature,
  signatureToCompactSignature,
  stringToBytes,
} from "viem";
import { privateKeyToAccount } from "viem/accounts";

const folder = path.resolve(import.meta.dirname, "../vectors");

/** The same numbers on every run: splitmix64. */
function randomNumbers(seed: bigint): (below: bigint) => bigint {
  let state = seed;
  const mask = (1n << 64n) - 1n;
  return (below) => {
    state = (state + 0x9e3779b97f4a7c15n) & mask;
    let z = state;
    z = ((z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n) & mask;
    z = ((z ^ (z >> 27n)) * 0x94d049bb133111ebn) & mask;
    return (z ^ (z >> 31n)) % below;
  };
}

const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, i) => make(i));
const sum = (values: readonly bigint[]): bigint => values.reduce((all, one) => all + one, 0n);
const least = (a: bigint, b: bigint): bigint => (a < b ? a : b);
const texts = (values: readonly bigint[]): string[] => values.map(String);

function write(name: string, content: object): void {
  const file = path.join(folder, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(content, null, 2)}\n`);
}

/* Weights: the largest c with c * k <= sum of min(stake, c), by bisection. */

function weightsOf(stakes: readonly bigint[]) {
  const k = BigInt(stakes.length >= 8 ? 7 : Math.min(4, stakes.length));
  let [fits, tooBig] = [0n, sum(stakes) + 1n];
  while (tooBig - fits > 1n) {
    const cap = (fits + tooBig) / 2n;
    if (cap * k <= sum(stakes.map((stake) => least(stake, cap)))) fits = cap;
    else tooBig = cap;
  }
  const weights = stakes.map((stake) => least(stake, fits));
  return { stakes: texts(stakes), weights: texts(weights), total: String(sum(weights)) };
}

function weights() {
  const random = randomNumbers(1n);
  const named: bigint[][] = [
    [1000n],
    [1000n, 3000n],
    [1000n, 2000n, 9000n],
    [1000n, 1000n, 1000n, 1000n],
    [1000n, 1000n, 1000n, 1000000n],
    [1000n, 1001n, 1002n, 1003n, 1004n, 1005n, 9999n],
    [1n, 1n, 1n, 1n, 1n, 1n, 1n, 10n ** 12n],
    times(9, (i) => 10n ** BigInt(i)),
    times(32, () => 79_228_162_514_264_337_593_543_950_335n),
  ];
  const drawn = times(40, () => times(1 + Number(random(32n)), () => 1n + random(10n ** (1n + random(15n)))));
  write("weights.json", { about: "stakes to capped weights", cases: [...named, ...drawn].map(weightsOf) });
}

/* Aggregation: the weighted median as the plain lower median of values repeated by weight. */

type Report = { seat: number; value: bigint };

function aggregate(
  mode: "median" | "plurality",
  all: readonly bigint[],
  reports: readonly Report[],
  tolerance: bigint,
) {
  const weightOf = (some: readonly Report[]) => sum(some.map(({ seat }) => all[seat] ?? 0n));
  const total = sum(all);
  const head = {
    mode,
    weights: texts(all),
    seats: reports.map(({ seat }) => seat),
    values: texts(reports.map(({ value }) => value)),
    tolerance: String(tolerance),
  };
  const refused = { ...head, answer: "0", confidence: 0, error: "Oracle_NoQuorum" };
  if (3n * weightOf(reports) <= 2n * total) return refused;
  let answer: bigint;
  if (mode === "median") {
    const repeated = reports.flatMap(({ seat, value }) => times(Number(all[seat]), () => value));
    answer = repeated[(repeated.length - 1) >> 1] ?? 0n;
  } else {
    const most = reports.find(
      ({ value }) => 2n * weightOf(reports.filter((other) => other.value === value)) > total,
    );
    if (!most) return refused;
    answer = most.value;
  }
  const near = reports.filter(({ value }) => (value > answer ? value - answer : answer - value) <= tolerance);
  return {
    ...head,
    answer: String(answer),
    confidence: Number((weightOf(near) * 10_000n) / total),
    error: "",
  };
}

const ascending = (reports: Report[]) =>
  reports.toSorted((a, b) => Number(a.value - b.value) || a.seat - b.seat);

function aggregation() {
  const random = randomNumbers(2n);
  const reportsOf = (...values: number[]) =>
    ascending(values.map((value, seat) => ({ seat, value: BigInt(value) })));
  const equal = [100n, 100n, 100n, 100n];
  const cases = [
    aggregate("median", equal, reportsOf(10, 12, 14), 2n),
    aggregate("median", equal, reportsOf(10, 12, 14, 16), 2n),
    aggregate("median", equal, reportsOf(-5, -5, 1000), 0n),
    aggregate("median", equal, reportsOf(10, 12), 5n),
    aggregate("median", [100n, 100n, 100n], reportsOf(1, 2), 5n),
    aggregate("median", [100n, 100n, 99n], reportsOf(1, 2), 5n),
    aggregate("median", [1n, 2n, 3n, 6n], reportsOf(4, 3, 2, 1), 1n),
    aggregate("median", [3n, 3n, 3n, 3n], reportsOf(1, 1, 2, 2), 0n),
    aggregate("plurality", equal, reportsOf(1, 1, 1), 0n),
    aggregate("plurality", equal, reportsOf(0, 1, 1, 1), 0n),
    aggregate("plurality", equal, reportsOf(0, 0, 1, 1), 0n),
    aggregate("plurality", equal, reportsOf(0, 1, 1), 0n),
    aggregate("plurality", [100n, 100n, 100n, 99n, 1n], reportsOf(0, 1, 2, 2, 2), 0n),
    aggregate("plurality", [100n, 100n, 101n], reportsOf(0, 0, 1), 1n),
    ...times(60, (i) => {
      const all = times(1 + Number(random(13n)), () => 1n + random(200n));
      const spread = 1n + random(i % 2 === 0 ? 4n : 2000n);
      const values = all.map((_, seat) => ({ seat, value: random(spread) - spread / 3n }));
      const present = values.filter(() => random(8n) !== 0n);
      const mode = i % 2 === 0 ? "plurality" : "median";
      return aggregate(mode, all, ascending(present.length > 0 ? present : values), random(1n + spread / 4n));
    }),
  ];
  write("aggregation.json", { about: "signed values to one answer; entries ascend by value", cases });
}

/* Parimutuel. `winner` -1: the question ended invalid. */

function payOut(pools: readonly bigint[], winner: number, outcome: number, stake: bigint, feeBps: bigint) {
  const won = winner < 0 ? 0n : (pools[winner] ?? 0n);
  const lost = sum(pools) - won;
  const isVoid = won === 0n;
  const fee = isVoid ? 0n : (lost * feeBps) / 10_000n;
  const share = outcome === winner ? stake + ((lost - fee) * stake) / won : 0n;
  const pays = isVoid ? stake : share;
  return {
    pools: texts(pools),
    winner,
    outcome,
    stake: String(stake),
    feeBps: Number(feeBps),
    void: isVoid,
    pays: String(pays),
    fee: String(fee),
  };
}

function parimutuel() {
  const random = randomNumbers(3n);
  const full = (1n << 72n) / 48n - 1n;
  const cases = [
    payOut([600n, 400n], 0, 0, 150n, 0n),
    payOut([600n, 400n], 0, 0, 150n, 200n),
    payOut([600n, 400n], 0, 1, 400n, 200n),
    payOut([600n, 400n], 1, 1, 1n, 1000n),
    payOut([600n, 0n], 0, 0, 600n, 1000n),
    payOut([600n, 0n], 1, 0, 600n, 1000n),
    payOut([600n, 400n], -1, 1, 400n, 1000n),
    payOut([3n, 1n], 0, 0, 1n, 0n),
    payOut([3n, 10n, 7n], 0, 0, 2n, 333n),
    payOut(
      times(48, () => full),
      47,
      47,
      full,
      1n,
    ),
    ...times(60, () => {
      const pools = times(2 + Number(random(47n)), () => random(10n ** (1n + random(18n))));
      const winner = Number(random(BigInt(pools.length)));
      const outcome = random(3n) === 0n ? Number(random(BigInt(pools.length))) : winner;
      return payOut(pools, winner, outcome, random((pools[outcome] ?? 0n) + 1n), random(1001n));
    }),
  ];
  write("rules/parimutuel.json", { rule: "parimutuel", cases });
}

/* Answer words, packed by arithmetic from the table in AnswerWord.sol. */

const hex = (word: bigint) => pad(numberToHex(word), { size: 32 });

function answerWords() {
  const random = randomNumbers(4n);
  const open = (deadline: bigint, notBefore: bigint, round: bigint, settled: boolean) => ({
    word: hex(deadline + (notBefore << 96n) + (1n << 136n) + (round << 224n) + (settled ? 1n << 232n : 0n)),
    state: "open",
    deadline: Number(deadline),
    notBefore: Number(notBefore),
    round: Number(round),
    rewardSettled: settled,
  });
  const answered = (
    value: bigint,
    finalizeAt: bigint,
    [confidence, seats, epoch, round]: readonly [bigint, bigint, bigint, bigint],
    settled: boolean,
  ) => ({
    word: hex(
      BigInt.asUintN(96, value) +
        (finalizeAt << 96n) +
        (2n << 136n) +
        (confidence << 144n) +
        (seats << 160n) +
        (epoch << 192n) +
        (round << 224n) +
        (settled ? 1n << 232n : 0n),
    ),
    state: "answered",
    value: String(value),
    finalizeAt: Number(finalizeAt),
    confidence: Number(confidence),
    seats: Number(seats),
    epoch: Number(epoch),
    round: Number(round),
    rewardSettled: settled,
  });
  const top = (1n << 95n) - 1n;
  const cases = [
    open(1_750_172_800n, 1_750_086_400n, 0n, false),
    open(1_750_172_800n, 1_750_090_000n, 255n, true),
    answered(231_550_000_000n, 1_750_088_200n, [7_500n, 7n, 1n, 0n], false),
    answered(-1n, (1n << 40n) - 1n, [10_000n, (1n << 32n) - 1n, (1n << 32n) - 1n, 255n], true),
    answered(top, 1n, [0n, 1n, 1n, 1n], false),
    answered(-top, 1n, [1n, 1n << 31n, 2n, 3n], false),
    answered(-top - 1n + 1n, 1_750_088_200n, [10_000n, 15n, 9n, 2n], true),
    ...times(20, () =>
      answered(
        random(1n << 63n) - random(1n << 63n),
        random(1n << 40n),
        [random(10_001n), 1n + random((1n << 32n) - 1n), random(1n << 32n), random(256n)],
        random(2n) === 0n,
      ),
    ),
  ];
  write("answer-word.json", {
    about: "the stored word and its fields",
    tooEarly: String(-top - 1n),
    invalid: String(-top),
    cases,
  });
}

/* Reports: ids, digests and signatures as wallets make them. */

const termsAbi = [
  { type: "address", name: "asker" },
  { type: "bytes32", name: "schema" },
  { type: "uint8", name: "aggregation" },
  { type: "int96", name: "min" },
  { type: "int96", name: "max" },
  { type: "uint96", name: "tolerance" },
  { type: "uint40", name: "opensAt" },
  { type: "uint40", name: "deadline" },
  { type: "uint32", name: "liveness" },
  { type: "uint96", name: "reward" },
  { type: "uint64", name: "nonce" },
] as const;

const reportTypes = {
  Report: [
    { name: "question", type: "bytes32" },
    { name: "value", type: "int96" },
    { name: "epoch", type: "uint32" },
    { name: "round", type: "uint8" },
  ],
} as const;

async function reports() {
  const domain = {
    name: "Sooth",
    version: "1",
    chainId: 31_337,
    verifyingContract: "0x00000000000000000000000000000000000050f7",
  } as const;
  const keys = times(4, (i) => pad(numberToHex(0xa11ce000 + i), { size: 32 }));
  const weights = [1000n, 1000n, 900n, 800n];

  const sign = async (seat: number, question: Hex, value: bigint, epoch: number, round: number) => {
    const typed = {
      domain,
      types: reportTypes,
      primaryType: "Report",
      message: { question, value, epoch, round },
    } as const;
    const signature = await privateKeyToAccount(keys[seat] ?? "0x").signTypedData(typed);
    const { r, yParityAndS } = signatureToCompactSignature(parseSignature(signature));
    return { seat, value: String(value), digest: hashTypedData(typed), signature, r, vs: yParityAndS };
  };

  const caseOf = async (
    schema: string,
    aggregation: 0 | 1,
    [min, max]: readonly [bigint, bigint],
    values: readonly [number, bigint][],
    agreed: bigint,
    epoch: number,
    round: number,
  ) => {
    const terms = {
      asker: "0x00000000000000000000000000000000000a5ce2",
      schema: keccak256(stringToBytes(schema)),
      aggregation,
      min,
      max,
      tolerance: 10n,
      opensAt: 1_750_086_400,
      deadline: 1_750_172_800,
      liveness: 1_800,
      reward: 5_000_000n,
      nonce: BigInt(round),
    } as const;
    const question = keccak256(encodeAbiParameters([{ type: "tuple", components: termsAbi }], [terms]));
    const signed = await Promise.all(
      values.map(([seat, value]) => sign(seat, question, value, epoch, round)),
    );
    const cosigned = await Promise.all([0, 1, 3].map((seat) => sign(seat, question, agreed, epoch, round)));
    return {
      schemaText: schema,
      terms: {
        ...terms,
        min: String(min),
        max: String(max),
        tolerance: "10",
        reward: "5000000",
        nonce: String(round),
      },
      question,
      epoch,
      round,
      reports: signed,
      entries: concat(
        signed.map(({ seat, value, r, vs }) =>
          encodePacked(["uint8", "int96", "bytes32", "bytes32"], [seat, BigInt(value), r, vs]),
        ),
      ),
      agreed: {
        value: String(agreed),
        seats: 0b1011,
        signatures: concat(cosigned.flatMap(({ r, vs }) => [r, vs])),
        digest: cosigned[0]?.digest,
      },
    };
  };

  write("reports.json", {
    about: "question ids, EIP-712 digests and packed reports; keys are for tests alone",
    domain,
    keys,
    signers: keys.map((key) => privateKeyToAccount(key).address),
    weights: texts(weights),
    cases: [
      await caseOf(
        '{"kind":"numeric","text":"ETH/USD at noon"}',
        1,
        [-1_000n, 1_000n],
        [
          [2, -7n],
          [0, 10n],
          [1, 12n],
        ],
        -(1n << 95n),
        1,
        0,
      ),
      await caseOf(
        '{"kind":"bool","text":"Did it rain? 🌧 שלום"}',
        0,
        [0n, 1n],
        [
          [0, 1n],
          [1, 1n],
          [3, 1n],
        ],
        1n,
        7,
        3,
      ),
      await caseOf(
        '{"kind":"numeric","text":"limits"}',
        1,
        [-(1n << 95n) + 2n, (1n << 95n) - 1n],
        [
          [3, -(1n << 95n) + 2n],
          [2, 0n],
          [1, (1n << 95n) - 1n],
        ],
        -(1n << 95n) + 1n,
        4_294_967_295,
        255,
      ),
    ],
  });
}

export async function generateVectors(): Promise<void> {
  weights();
  aggregation();
  parimutuel();
  answerWords();
  await reports();
  const formatted = spawnSync(path.resolve(folder, "../node_modules/.bin/oxfmt"), [folder], {
    stdio: "inherit",
  });
  if (formatted.status !== 0) throw new Error("oxfmt could not format the vectors");
}

if (import.meta.main) await generateVectors();
