import { BPS, type Amount, at, type Bps, takeBps } from "@sooth/kernel";

/**
 * What an opinion market pays, to the unit as `BandRule.sol` and `Opinions.sol` do it. Stances are 21 bands, 0, 5 to 100;
 * the score is whole, 0 to 100. Amounts are the collateral's smallest unit. The cases that bind the two languages:
 * vectors/rules/bands.json.
 */

export const BANDS = 21;
const STEP = 5;
const HIGHEST = 100;

/** How much a stake counts by its distance from the score, in the order of the contract's enum. */
export const RULES = ["linear", "square", "fourth", "eighth", "brier"] as const;
export type Rule = (typeof RULES)[number];
const EXPONENTS = { linear: 1n, square: 2n, fourth: 4n, eighth: 8n } as const;

/** What a market's terms say of its money. */
export type Shares = { rule: Rule; feeBps: Bps; prizeBps: Bps; prizes: number };
export type Opinion = { band: number; amount: Amount };

/** How a market ended, and what its stakes come to. */
export type Tally = {
  score: number;
  total: Amount;
  /** Brier: sum of amount * distance^2; else the sum of all weights. */
  facts: bigint;
};

export const stanceOf = (band: number): number => band * STEP;

/** Staked on each band. */
export function totalsOf(opinions: readonly Opinion[]): Amount[] {
  const totals = Array.from({ length: BANDS }, () => 0n as Amount);
  for (const { band, amount } of opinions) totals[band] = (at(totals, band) + amount) as Amount;
  return totals;
}

export function tally(totals: readonly Amount[], score: number, rule: Rule): Tally {
  const total = totals.reduce((all, one) => all + one, 0n) as Amount;
  const facts = totals.reduce((all, staked, band) => {
    const distance = distanceOf(band, score);
    return all + staked * (rule === "brier" ? distance * distance : nearness(distance, rule));
  }, 0n);
  return { score, total, facts };
}

/** What one unit on `band` weighs. */
export function weightAt(band: number, rule: Rule, { score, total, facts }: Tally): bigint {
  const distance = distanceOf(band, score);
  return rule === "brier" ? (BPS - distance * distance) * total + facts : nearness(distance, rule);
}

/** What all units together weigh. With nothing there is nobody to pay: the market is void. */
export const weightOfAll = (rule: Rule, { total, facts }: Tally): bigint =>
  rule === "brier" ? BPS * total * total : facts;

/** What closeness shares: all stakes less the fee and the prizes. Both round down. */
export const netOf = (total: Amount, { feeBps, prizeBps }: Shares): Amount =>
  (total - takeBps(total, feeBps) - takeBps(total, prizeBps)) as Amount;

/** What one of the equal prizes pays. Rounds down twice. */
export const prizeOf = (total: Amount, { prizeBps, prizes }: Shares): Amount =>
  (takeBps(total, prizeBps) / BigInt(prizes)) as Amount;

/** What an opinion is paid by closeness. Rounds down, so that all together never have more than the net. */
export const payOf = ({ band, amount }: Opinion, shares: Shares, ended: Tally): Amount =>
  shareOf(netOf(ended.total, shares), { band, amount }, shares.rule, ended);

/** An opinion's part of `pot`, by weight. */
export const shareOf = (pot: Amount, { band, amount }: Opinion, rule: Rule, ended: Tally): Amount =>
  ((pot * amount * weightAt(band, rule, ended)) / weightOfAll(rule, ended)) as Amount;

/** Which unit of which band the weight number `place` belongs to: all weights lie one after the other, by bands. */
export function unitAt(
  place: bigint,
  totals: readonly Amount[],
  rule: Rule,
  ended: Tally,
): { band: number; offset: bigint } {
  let left = place;
  for (const [band, staked] of totals.entries()) {
    const weight = weightAt(band, rule, ended);
    if (left < staked * weight) return { band, offset: left / weight };
    left -= staked * weight;
  }
  throw new RangeError(`no unit weighs number ${place}`);
}

/** What a further opinion would be paid at every score, 0 to 100, with the stakes as they stand: the stake itself moves them. */
export function payCurve(totals: readonly Amount[], opinion: Opinion, shares: Shares): Amount[] {
  const after = totals.with(opinion.band, (at(totals, opinion.band) + opinion.amount) as Amount);
  return Array.from({ length: HIGHEST + 1 }, (_, score) => {
    const ended = tally(after, score, shares.rule);
    return weightOfAll(shares.rule, ended) === 0n ? opinion.amount : payOf(opinion, shares, ended);
  });
}

/** The score that an answer of two decimals is, half up. */
export const scoreOf = (answer: bigint): number => Number((answer + 50n) / 100n);

const distanceOf = (band: number, score: number): bigint => BigInt(Math.abs(stanceOf(band) - score));
const nearness = (distance: bigint, rule: Exclude<Rule, "brier">): bigint =>
  (BigInt(HIGHEST) - distance) ** EXPONENTS[rule];
