import { least, randomNumbers, sum, texts, times, write } from "./cases.ts";

// What calls on the tokens of a choice exchange, and what each end of the question makes of what is left. Tokens are kept by outcome;
// what a holder is paid is reckoned from whole sets and what he has beyond them.

type Random = (below: bigint) => bigint;
type Hand = { yes: bigint[]; no: bigint[] };
type Step = { does: string; outcomes: bigint; side: number; amount: bigint; paid: bigint };

const indices = (count: number): number[] => times(count, (index) => index);
const bit = (outcome: number): bigint => 1n << BigInt(outcome);
const has = (bitmap: bigint, outcome: number): boolean => (bitmap / bit(outcome)) % 2n === 1n;
const smallest = (amounts: readonly bigint[]): bigint => amounts.reduce(least, amounts[0] ?? 0n);

/** What becomes of one life: sets of some outcomes, then tokens that turn into others, and some that another holder is given. */
function life(random: Random, count: number, unit: bigint) {
  const [mine, others] = times(2, () => ({
    yes: times(count, () => 0n),
    no: times(count, () => 0n),
  })) as [Hand, Hand];
  const steps: Step[] = [];
  const amountTo = (most: bigint): bigint => (random(3n) === 0n ? most : 1n + random(most));
  const change = (side: "yes" | "no", outcome: number, by: bigint): void => {
    mine[side][outcome] = (mine[side][outcome] ?? 0n) + by;
  };
  const step = (does: string, outcomes: bigint, amount: bigint, paid: bigint, side = 0): void =>
    void steps.push({ does, outcomes, side, amount, paid });

  for (const outcome of indices(count)) {
    // Of the first always: without a no there is nothing to convert.
    if (outcome > 0 && random(3n) === 0n) continue;
    const amount = 1n + random(unit);
    for (const side of ["yes", "no"] as const) change(side, outcome, amount);
    step("split", bit(outcome), amount, -amount);
  }
  const all = 1n + random(unit);
  for (const outcome of indices(count)) change("yes", outcome, all);
  step("splitAll", 0n, all, -all);

  for (const round of [0, 1, 2]) {
    // All that he has no of, then one, then some.
    const held = indices(count).filter((outcome) => (mine.no[outcome] ?? 0n) > 0n);
    const chosen = round === 0 ? held : round === 1 ? held.slice(-1) : held.filter(() => random(2n) === 0n);
    if (chosen.length === 0) continue;
    const most = smallest(chosen.map((outcome) => mine.no[outcome] ?? 0n));
    const amount = round === 0 && most > 1n ? most / 2n : amountTo(most);
    let paid = -amount;
    for (const outcome of indices(count))
      if (chosen.includes(outcome)) {
        change("no", outcome, -amount);
        paid += amount;
      } else change("yes", outcome, amount);
    step("convert", sum(chosen.map(bit)), amount, paid);
  }

  for (const outcome of indices(count))
    for (const [side, name] of (["yes", "no"] as const).entries()) {
      const most = mine[name][outcome] ?? 0n;
      if (most === 0n || random(3n) !== 0n) continue;
      const amount = amountTo(most);
      change(name, outcome, -amount);
      others[name][outcome] = amount;
      step("give", bit(outcome), amount, 0n, side);
    }

  const whole = smallest(mine.yes);
  if (whole > 0n) {
    const amount = amountTo(whole);
    for (const outcome of indices(count)) change("yes", outcome, -amount);
    step("mergeAll", 0n, amount, amount);
  }
  return { mine, others, steps, held: -sum(steps.map(({ paid }) => paid)) };
}

/** Of a holder: sets of a yes and a no are whole; of what he has beyond, yes is a part of a unit, and no all but that part, down. */
function paidOn(hand: Hand, { outcomes, parts }: { outcomes: bigint; parts: bigint }): bigint {
  return sum(
    hand.yes.map((yes, outcome) => {
      const no = hand.no[outcome] ?? 0n;
      const sets = least(yes, no);
      const wins = has(outcomes, outcome);
      if (yes > sets) return wins ? sets + (yes - sets) / parts : sets;
      const beyond = no - sets;
      return wins ? sets + beyond - (beyond + parts - 1n) / parts : sets + beyond;
    }),
  );
}

/** Questions by their bounds, and how many outcomes they have; 0: tokens of them are never settled. */
const COUNTS = [
  ["plurality", "0", "1", 1],
  ["plurality", "-7", "-6", 1],
  ["plurality", "0", "2", 3],
  ["plurality", "-2", "2", 5],
  ["plurality", "0", "31", 32],
  ["plurality", "-16", "15", 32],
  ["plurality", "0", "32", 0],
  ["plurality", "3", "3", 0],
  ["median", "0", "1", 1],
  ["median", "0", "31", 1],
  ["median", "-39614081257132168796771975165", "39614081257132168796771975165", 1],
  ["median", "5", "5", 0],
  ["root", "0", "2", 0],
] as const;

const hex = (word: bigint): string => `0x${word.toString(16).padStart(64, "0")}`;
/** Ids as ERC-6909 has them: the question's first 250 bits, its outcome, and its side. */
function idOf(random: Random, index: number) {
  const outcome = index < 32 ? index : Number(random(32n));
  const high = times(4, () => random(1n << 62n)).reduce((word, part) => word * (1n << 62n) + part, 0n);
  const low = index === 0 ? 63n : index === 1 ? 0n : random(64n);
  const question = high * 64n + low;
  const first = question - low;
  return {
    question: hex(question),
    outcome,
    yes: String(first + BigInt(2 * outcome)),
    no: String(first + BigInt(2 * outcome) + 1n),
  };
}

export function choices(): void {
  const random = randomNumbers(64n);
  const sizes = [3, 3, 3, 4, 4, 5, 5, 6, 7, 8, 9, 12, 16, 27, 31, 32, 32];
  const lives = sizes.map((count, index) => {
    const min = index % 3 === 0 ? 0n : random(1_000n) - 500n;
    const max = min + BigInt(count - 1);
    // In some lives units so few that it shows what is rounded.
    const { mine, others, steps, held } = life(random, count, index % 2 === 0 ? 9n : 10n ** 10n);
    // Without an answer, then both bounds, both beyond them, and one between.
    const answers = [null, min, max, min - 1n - random(9n), max + 1n + random(9n), min + random(max - min)];
    const ends = answers.map((answer) => {
      const within = answer === null || answer < min ? min : answer > max ? max : answer;
      const end =
        answer === null
          ? { outcomes: sum(indices(count).map(bit)), parts: BigInt(count) }
          : { outcomes: bit(Number(within - min)), parts: 1n };
      return { ...end, answer, pays: paidOn(mine, end), others: paidOn(others, end) };
    });
    return {
      count,
      min: String(min),
      max: String(max),
      // By column: the contracts' tests read one at a time.
      steps: {
        does: steps.map(({ does }) => does),
        outcomes: texts(steps.map(({ outcomes }) => outcomes)),
        sides: steps.map(({ side }) => side),
        amounts: texts(steps.map(({ amount }) => amount)),
        paid: texts(steps.map(({ paid }) => paid)),
      },
      held: String(held),
      yes: texts(mine.yes),
      no: texts(mine.no),
      othersYes: texts(others.yes),
      othersNo: texts(others.no),
      ends: {
        answers: ends.map(({ answer }) => (answer === null ? "" : String(answer))),
        outcomes: texts(ends.map(({ outcomes }) => outcomes)),
        denominators: ends.map(({ parts }) => Number(parts)),
        pays: texts(ends.map(({ pays }) => pays)),
        others: texts(ends.map(({ others: theirs }) => theirs)),
        left: texts(ends.map(({ pays, others: theirs }) => held - pays - theirs)),
      },
    };
  });
  write("choices.json", {
    counts: COUNTS.map(([aggregation, min, max, count]) => ({ aggregation, min, max, count })),
    ids: times(40, (index) => idOf(random, index)),
    lives,
  });
}
