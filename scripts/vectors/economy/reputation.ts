import * as port from "../../../packages/oracle/src/core/economy/fixed-point.ts";
import * as mirror from "../../../packages/oracle/src/core/economy/reputation.ts";
import { randomNumbers, sum, texts, times as repeat, write } from "../cases.ts";
import { exp, fromWad, ln, over, real, root, times, toWad, WAD, whole } from "./real.ts";

// Reputation, worked out with sixty decimals. `true...` is that value rounded down; what is called as in the rule is what
// the rule's fixed point makes of it in TypeScript, which the contract must meet bit by bit, and both must lie beside the
// true value.

const HALF_LIFE = 90n * 86_400n;

const logarithm = (x: bigint) => ({
  x: String(x),
  ln: String(port.lnWad(x)),
  trueLn: String(toWad(ln(fromWad(x)))),
});
const exponential = (x: bigint) => ({
  x: String(x),
  exp: String(port.expWad(x)),
  trueExp: String(toWad(exp(fromWad(x)))),
});

function entropyOf(masses: readonly bigint[]) {
  const total = sum(masses);
  const nats = masses
    .filter((mass) => mass > 0n)
    .map((mass) => real(mass, total))
    .map((share) => -times(share, ln(share)));
  return {
    masses: texts(masses),
    bits: String(mirror.entropy(masses)),
    trueBits: String(toWad(over(sum(nats), ln(real(2n))))),
  };
}

function creditOf(value: bigint, answer: bigint, tolerance: bigint) {
  const off = value > answer ? value - answer : answer - value;
  const none = off === 0n ? WAD : 0n;
  // Beyond 50 tolerances the series would only count zeros.
  const near = tolerance > 0n && off < 50n * tolerance;
  const ratio = near ? real(off, tolerance) : 0n;
  return {
    value: String(value),
    answer: String(answer),
    tolerance: String(tolerance),
    credit: String(mirror.credit(value, answer, tolerance)),
    trueCredit: String(near ? toWad(exp(-times(ratio, ratio))) : none),
  };
}

type Step = { u: bigint; credit: bigint; at: number };

/** Null when a rounded result hangs on the last decimals. */
function history(steps: readonly Step[], now: number) {
  // Not step by step: each question by its own age at `now`.
  const left = (at: number) => exp(-times(real(BigInt(now - at), HALF_LIFE), ln(real(2n))));
  const right = sum(steps.map(({ u, credit, at }) => times(times(fromWad(u), fromWad(credit)), left(at))));
  const wrong = sum(
    steps.map(({ u, credit, at }) => times(times(3n * fromWad(u), fromWad(WAD - credit)), left(at))),
  );
  const [a, b, z] = [right + real(2n), wrong + real(1n), real(164n, 100n)];
  const n = a + b;
  const p = over(a, n);
  const zz = times(z, z);
  const spread = root(over(times(p, real(1n) - p), n) + over(over(zz, 4n * n), n));
  const bound = over(p + over(zz, 2n * n) - times(z, spread), real(1n) + over(zz, n));
  const odds = over(bound, real(1n) - bound);
  const factor = over(ln(odds), ln(real(19n)));
  const [score, bps] = [whole(1_000n * bound), whole(10_000n * factor)];
  if (score === null || bps === null) return null;

  const counts = steps.reduce(
    (before, { u, credit, at }) => mirror.record(before, u, credit, at),
    mirror.NO_COUNTS,
  );
  return {
    informations: texts(steps.map(({ u }) => u)),
    credits: texts(steps.map(({ credit }) => credit)),
    times: steps.map(({ at }) => at),
    now,
    right: String(counts.right),
    wrong: String(counts.wrong),
    bound: String(mirror.lowerBound(counts, now)),
    trueBound: String(toWad(bound)),
    score: Number(score),
    factorBps: Number(bps < 1_000n ? 1_000n : bps > 10_000n ? 10_000n : bps),
  };
}

export function reputation(): void {
  const random = randomNumbers(11n);
  const any = (digits: bigint) => random(10n ** (1n + random(digits)));
  const long = () => any(18n) * 10n ** 18n + any(18n);
  const top = (1n << 95n) - 1n;

  const start = 1_750_000_000;
  const always = (count: number, credit: bigint, days: number): Step[] =>
    repeat(count, (i) => ({ u: WAD, credit, at: start + i * days * 86_400 }));
  const drawn = repeat(40, (i): Step[] => {
    let at = start;
    return repeat(1 + Number(random(60n)), () => {
      at += Number(random(BigInt(86_400 * (1 + (i % 30)))));
      const isRight = random(i % 3 === 0 ? 3n : 40n) !== 0n;
      const drawnCredit = i % 2 === 0 ? random(WAD + 1n) : 0n;
      return { u: WAD / 50n + random((WAD * 49n) / 50n), credit: isRight ? WAD : drawnCredit, at };
    });
  });
  const histories = [
    history([], start),
    history(always(1, WAD, 1), start),
    history(always(1, 0n, 1), start),
    history(always(60, 0n, 1), start + 60 * 86_400),
    history(always(60, WAD, 1), start + 60 * 86_400),
    history(always(160, WAD, 0), start),
    history(always(160, WAD, 1), start + 160 * 86_400),
    history(always(160, WAD, 1), start + 2_000 * 86_400), // idle for years
    history(always(160, WAD / 2n, 1), start + 160 * 86_400),
    ...drawn.map((steps) => history(steps, (steps.at(-1)?.at ?? start) + Number(random(8_000_000n)))),
  ].filter((one) => one !== null);

  const about = "wad; true... has sixty decimals, the rest is fixed point and equal in both languages";
  write("economy/fixed-point.json", {
    about,
    logarithms: [1n, 2n, WAD / 2n, WAD - 1n, WAD, WAD + 1n, 2n * WAD, 19n * WAD, (1n << 255n) - 1n]
      .concat(
        repeat(30, () => 1n + any(18n)),
        repeat(20, () => 1n + long()),
      )
      .map(logarithm),
    exponentials: [0n, 1n, WAD / 2n, WAD, 41_446_531_673_892_822_312n, 41_446_531_673_892_822_313n, 49n * WAD]
      .concat(
        repeat(30, () => random(42n * WAD)),
        repeat(20, () => any(18n)),
      )
      .map((x) => exponential(-x)),
  });
  write("economy/information.json", {
    about,
    entropies: [
      [5n],
      [1n, 1n],
      [1n, 0n, 1n],
      [1n, 1n, 1n, 1n],
      [99n, 1n],
      [10n ** 28n, 1n],
      repeat(32, () => 79_228_162_514_264_337_593_543_950_335n),
      ...repeat(20, () => repeat(2 + Number(random(31n)), () => 1n + any(15n))),
    ].map(entropyOf),
    credits: [
      creditOf(5n, 5n, 0n),
      creditOf(5n, 6n, 0n),
      creditOf(5n, 5n, 3n),
      creditOf(5n, 8n, 3n),
      creditOf(-8n, 8n, 4n),
      creditOf(0n, 7n, 1n),
      creditOf(top, -top, 1n),
      creditOf(-top - 1n, top, (1n << 96n) - 1n),
      ...repeat(30, () => {
        const tolerance = 1n + any(12n);
        const answer = any(15n) - any(15n);
        return creditOf(answer + random(8n * tolerance) - 4n * tolerance, answer, tolerance);
      }),
    ],
  });
  write("economy/reputation.json", { about, histories });
}
