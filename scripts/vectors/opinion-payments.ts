import { type Hex, keccak256 } from "viem";
import { randomNumbers, sum, texts, times, write } from "./cases.ts";
import { named } from "./opinions.ts";

// What opinion markets pay, from the oracle's answer to the last prize. Weights are reckoned position by position, and a draw
// goes along the positions, not along the bands' sums.

const EXPONENTS = [1n, 2n, 4n, 8n];
const BRIER = 4n;
const HIDDEN = 31;

type Position = { index: number; band: number; amount: bigint };
type Money = { rule: bigint; feeBps: bigint; prizeBps: bigint; prizes: bigint };

/** What a unit of each position weighs. */
function weightsOf(told: readonly Position[], score: bigint, rule: bigint): bigint[] {
  const total = sum(told.map(({ amount }) => amount));
  const distances = told.map(({ band }) => {
    const away = 5n * BigInt(band) - score;
    return away < 0n ? -away : away;
  });
  const squares = sum(told.map(({ amount }, i) => amount * (distances[i] ?? 0n) ** 2n));
  return distances.map((distance) =>
    rule === BRIER
      ? 10_000n * total + squares - total * distance ** 2n
      : (100n - distance) ** (EXPONENTS[Number(rule)] ?? 0n),
  );
}

/** Goes along the positions as they lie: by bands, and in a band as they came. */
function fallenOn(told: readonly Position[], weights: readonly bigint[], place: bigint) {
  const inOrder = told
    .map((position, i) => ({ ...position, weight: weights[i] ?? 0n }))
    .toSorted((a, b) => a.band - b.band || a.index - b.index);
  let [left, band, before] = [place, -1, 0n];
  for (const position of inOrder) {
    if (position.band !== band) [band, before] = [position.band, 0n];
    const its = position.amount * position.weight;
    if (left < its) return { band, offset: before + left / position.weight, winner: position.index };
    left -= its;
    before += position.amount;
  }
  throw new Error("a draw fell beside all of them");
}

function settled(o: {
  market: Hex;
  seed: bigint;
  answer: bigint;
  positions: readonly Position[];
  money: Money;
}) {
  const { market, seed, answer, positions, money } = o;
  const told = positions.filter(({ band }) => band !== HIDDEN);
  const [whole, rest] = [answer / 100n, answer % 100n];
  const score = rest >= 50n ? whole + 1n : whole;
  const weights = weightsOf(told, score, money.rule);
  const all = sum(told.map(({ amount }, i) => amount * (weights[i] ?? 0n)));
  const total = sum(told.map(({ amount }) => amount));
  if (all === 0n)
    return {
      isVoid: true,
      score: 0,
      total: "0",
      fee: "0",
      prize: "0",
      drawn: [],
      own: positions.map((one) => one.amount),
    };
  const fee = (total * money.feeBps) / 10_000n;
  const pot = (total * money.prizeBps) / 10_000n;
  const net = sum(positions.map(({ amount }) => amount)) - fee - pot;
  const partOf =
    (of: bigint) =>
    ({ index, amount, band }: Position) =>
      band === HIDDEN
        ? 0n
        : (of * amount * (weights[told.findIndex((one) => one.index === index)] ?? 0n)) / all;
  const drawn = times(money.prizeBps === 0n ? 0 : Number(money.prizes), (prize) => {
    const words = [seed, BigInt(market), BigInt(prize)].map((one) => one.toString(16).padStart(64, "0"));
    return fallenOn(told, weights, BigInt(keccak256(`0x${words.join("")}`)) % all);
  });
  return {
    isVoid: false,
    score: Number(score),
    total: String(total),
    fee: String(fee),
    prize: String(pot / money.prizes),
    drawn,
    own: positions.map(partOf(net)),
    shared: positions.map(partOf(pot)),
  };
}

export function opinionPayments(): void {
  const random = randomNumbers(31n);
  const hash = () => (random(2n ** 64n) << 192n) | random(2n ** 64n);
  const most = 2n ** 45n - 1n;
  const cases = times(40, (index) => {
    const hides = index % 3 === 1;
    const money = {
      rule: BigInt(index % 5),
      feeBps: index % 7 === 0 ? 0n : random(1_001n),
      prizeBps: index % 6 === 0 ? 0n : random(5_001n),
      prizes: 1n + random(16n),
    };
    const { terms, id: market } = named({
      question: hash(),
      statement: hash(),
      rubric: hash(),
      creator: 1n + (random(2n ** 64n) << 90n),
      closesAt: 1_800_000_000n + random(10_000_000n),
      revealSeconds: hides ? 3_600n : 0n,
      quietSeconds: random(86_400n),
      minConfidence: random(10_001n),
      leastStake: 1n,
      mostStake: most,
      quietMost: most,
      ...money,
    });
    const size = 1n + random(15n);
    // Of the third all lie as far from the score as can be, and of the fifth nobody tells: both are void but for Brier.
    const positions = times(index === 0 ? 42 : 1 + Number(random(20n)), (i): Position => {
      const isTold = !hides || (index !== 4 && random(4n) !== 0n);
      const band = index === 1 || index === 2 ? 0 : Number(random(21n));
      const amount = index === 0 ? most : 1n + random(2n ** (size * 3n));
      return { index: i, band: isTold ? band : HIDDEN, amount };
    });
    const answers = [4_950n, 4_949n, 10_000n, 0n, 50n, 49n, 9_950n];
    const [answer, seed] = [answers[index] ?? random(10_001n), hash() + 1n];
    const { drawn, own, shared, ...ended } = settled({ market, seed, answer, positions, money });
    return {
      terms,
      market,
      bands: positions.map(({ band }) => band),
      amounts: texts(positions.map(({ amount }) => amount)),
      answer: Number(answer),
      seed: `0x${seed.toString(16).padStart(64, "0")}`,
      ...ended,
      drawnBands: drawn.map(({ band }) => band),
      drawnOffsets: texts(drawn.map(({ offset }) => offset)),
      winners: drawn.map(({ winner }) => winner),
      pays: texts(own),
      undrawnPays: texts(shared ? own.map((paid, i) => paid + (shared[i] ?? 0n)) : []),
    };
  });
  write("opinion-payments.json", { cases });
}
