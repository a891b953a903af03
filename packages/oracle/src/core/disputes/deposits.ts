import { BPS, type Address, type Amount, sameAddress } from "@sooth/kernel";
import { lesser } from "../economy/fixed-point.ts";
import { overturnedPpm, slashOf, splitSlash } from "../economy/slash.ts";

/** One side's money. Side 0 is a disputer whose claim a re-report replaced: he wins when the answer does not. */
export type LadderStake = { who: Address; amount: bigint; side: number };

const NOT_THE_ANSWER = 0;
const THE_ANSWER = 1;
const UNDECIDED = 0;
/** Of the deposit that brings a jury about: what that jury is paid. */
const FEE_SHARE = 4n;
export const juryFee = (deposit: bigint): bigint => deposit / FEE_SHARE;

/** What juries were paid or will be: one that came to no verdict gave its pay back. */
export const feesOf = (juries: readonly { fee: bigint; closed: boolean; choice: number }[]): bigint =>
  juries
    .filter(({ closed, choice }) => !closed || choice !== UNDECIDED)
    .reduce((sum, { fee }) => sum + fee, 0n);

/** Seats of the juries, smallest first. */
export const JURY_SIZES = [9, 31, 101] as const;

const wins = (side: number, outcome: number): boolean =>
  outcome === UNDECIDED || side === outcome || (side === NOT_THE_ANSWER && outcome !== THE_ANSWER);

/**
 * What comes of the deposits once a dispute ends with `outcome` (0: no verdict, or corrected by a re-report). `fees` went
 * to juries. Rounds down; the rest is insurance. `signers` is theirs together, in equal parts. Mirror of `Cases._split`.
 */
export function splitDeposits(
  stakes: readonly LadderStake[],
  outcome: number,
  fees: bigint,
): { awards: bigint[]; signers: bigint; insurance: bigint } {
  const sumOf = (won: boolean) =>
    stakes.reduce((sum, { side, amount }) => (wins(side, outcome) === won ? sum + amount : sum), 0n);
  const [won, lost] = [sumOf(true), sumOf(false)];
  const left = won + lost - fees;
  const due = won === 0n ? 0n : lesser(won + lost / 2n, left);
  const awards = stakes.map(({ side, amount }) =>
    won !== 0n && wins(side, outcome) ? (due * amount) / won : 0n,
  );
  const signers = won === 0n && outcome === THE_ANSWER ? lesser(lost / 2n, left) : 0n;
  const paid = awards.reduce((sum, award) => sum + award, signers);
  return { awards, signers, insurance: left - paid };
}

/** What each stake got back, from what was paid to whom in turn; null while the dispute is open. */
export function awardsOf(
  stakes: readonly LadderStake[],
  paid: readonly { who: string; amount: bigint }[],
  outcome: number | null,
): (bigint | null)[] {
  if (outcome === null) return stakes.map(() => null);
  const rest = paid.map(({ who, amount }) => ({ who: who.toLowerCase(), amount }));
  return stakes.map(({ who, side }) => {
    if (!wins(side, outcome)) return 0n;
    const index = rest.findIndex((each) => each.who === who.toLowerCase());
    return index === -1 ? 0n : (rest.splice(index, 1)[0]?.amount ?? 0n);
  });
}

export type Prospects = {
  deposit: bigint;
  whenRight: bigint;
  whenWrong: bigint;
  /** What comes back when no jury, up to the largest, finds a verdict: such juries give their pay back. */
  whenUndecided: bigint;
  /** Of what the same account put down before: lost without this, comes back with it when right. */
  earlier: bigint;
  /** What the slash of those who signed brings whoever proved them wrong, at the least; not part of `whenRight`. */
  bounty: bigint;
  /** How sure one must be not to lose on average, basis points, rounded up; null when being right costs too. */
  breakEven: number | null;
};

/** Put down by `account` next: what it comes to when the next jury decides, and nobody appeals. */
export function prospects(
  before: readonly LadderStake[],
  mine: LadderStake,
  o: { fees: bigint; bounty: bigint },
): Prospects {
  const stakes = [...before, mine];
  const fees = o.fees + juryFee(mine.amount);
  const { awards } = splitDeposits(stakes, mine.side, fees);
  const [whenRight, whenWrong] = [awards.at(-1) ?? 0n, 0n];
  const earlier = before.reduce(
    (sum, { who }, index) => (sameAddress(who, mine.who) ? sum + (awards[index] ?? 0n) : sum),
    0n,
  );
  const gain = whenRight + earlier + o.bounty;
  return {
    deposit: mine.amount,
    whenRight,
    whenWrong,
    whenUndecided: splitDeposits(stakes, UNDECIDED, o.fees).awards.at(-1) ?? 0n,
    earlier,
    bounty: o.bounty,
    breakEven: gain < mine.amount ? null : Number((mine.amount * BPS + gain - 1n) / gain),
  };
}

/** 30 % of what signers with these stakes lose for an overturned answer that is their first in 90 days. */
export function bountyOf(stakes: readonly bigint[], wrongWeight: bigint, totalWeight: bigint): bigint {
  const ppm = overturnedPpm(wrongWeight, totalWeight, 0);
  return stakes.reduce((sum, stake) => sum + splitSlash(slashOf(stake as Amount, ppm)).challenger, 0n);
}

/** What an appeal takes: twice what was put down last. Mirror of `Ladder.appealDeposit`. */
export const appealDeposit = (deposit: bigint, stakes: number): bigint =>
  deposit << BigInt(stakes === 0 ? 1 : stakes);
