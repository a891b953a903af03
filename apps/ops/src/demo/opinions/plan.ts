import { at } from "@sooth/kernel";
import { BANDS, OPINION_LIMITS, opinionComplaint, type Rule, RULES, textBytes } from "@sooth/markets/core";
import type { Discussion } from "../../bench/analyst/opinions.ts";
import { OpsError } from "../../ops-error.ts";
import type { Random } from "../random.ts";

/** A stake with an opinion that somebody really wrote. */
export type PlannedOpinion = {
  /** Who stakes: one opinion a person and market. */
  person: number;
  text: string;
  /** What people said of the text: 1 is for the statement, -1 against it. */
  labelled: number;
  /** What its staker says, in steps of five from 0 to 100. */
  band: number;
  /** In millionths of a dollar. */
  amount: bigint;
  gasless: boolean;
};
export type PlannedMarket = {
  statement: string;
  rule: Rule;
  prizes: number;
  opinions: PlannedOpinion[];
};
export type OpinionPlan = { people: number; markets: PlannedMarket[] };

/** Everybody may stake in every market out of what the faucet gave, and pay for the asking. */
const PURSE = 9_000_000_000n;
const LEAST_STAKE = 1_000_000n;
/** What a deployment lets one stake at most is 500 dollars; this leaves room for smaller purses. */
const MOST_STAKE = 200_000_000n;
/** All of a market, below what the laptop's providers can answer for while one is down, and below where values are committed first. */
const MOST_IN_ALL = 3_900_000_000n;
/** Stakes that the platform sends within a minute, at most: it holds back gas for 75. */
const MOST_GASLESS = 60;
const MOST_MARKETS = 1_000;
/** Of the staker's own stance around what people said of his text, in bands. */
const NOISE = 5;

/**
 * A market for each statement, with `each` of its opinions at most, of as many `people` or more: which, by whom, with how much and with what stance is drawn
 * from `random` alone. Texts that no server would keep are passed over. Pure. @throws ops.unreadable
 */
export function planOpinions(
  discussions: readonly Discussion[],
  { each, people, random, file }: { each: number; people: number; random: Random; file: string },
): OpinionPlan {
  const refuse = (why: string) => OpsError.unreadable({ file, why });
  if (discussions.length === 0) throw refuse("it has no statement");
  if (discussions.length > MOST_MARKETS) throw refuse(`it has more than ${MOST_MARKETS} statements`);
  const purse = PURSE / BigInt(discussions.length);
  const gasless = Math.floor(MOST_GASLESS / discussions.length);
  const markets = discussions.map(({ statement, opinions }, index) => {
    if (textBytes(statement) > OPINION_LIMITS.statementBytes)
      throw refuse(`"${clip(statement, 60)}" has more than ${OPINION_LIMITS.statementBytes} bytes`);
    const usable = opinions.filter(({ text }) => opinionComplaint(text) === null);
    const picked = random.pick(usable, each);
    if (picked.length < 2) throw refuse(`"${clip(statement, 60)}" has fewer than two opinions`);
    const most = [MOST_STAKE, purse, MOST_IN_ALL / BigInt(picked.length)].reduce((a, b) => (a < b ? a : b));
    const stakers = random.pick(
      Array.from({ length: people }, (_, person) => person),
      picked.length,
    );
    return {
      statement,
      // One after the other, so that each rule and number of prizes is played.
      rule: at(RULES, index % RULES.length),
      prizes: 1 + (index % 3),
      opinions: picked.map(({ text, stance }, place): PlannedOpinion => {
        const person = at(stakers, place);
        return {
          person,
          text,
          labelled: stance,
          band: bandNear(stance, random),
          // Odd amounts in millionths, so that every division has a remainder to lose.
          amount: BigInt(random.between(Number(LEAST_STAKE), Number(most))),
          gasless: person < gasless,
        };
      }),
    };
  });
  return { people, markets };
}

/** Half way from the middle to what people said, and some bands to either side: who writes a text is not sure what all come to. */
function bandNear(stance: number, random: Random): number {
  const middle = (BANDS - 1) / 2;
  const band = Math.round(middle + (stance * middle) / 2) + random.between(-NOISE, NOISE);
  return Math.max(0, Math.min(BANDS - 1, band));
}

/** What people said of the texts, 0 to 100, each counted by what was staked with it. */
export function labelledMean({ opinions }: Pick<PlannedMarket, "opinions">): number {
  const total = opinions.reduce((sum, { amount }) => sum + Number(amount), 0);
  const said = opinions.reduce((sum, { amount, labelled }) => sum + Number(amount) * labelled, 0);
  return 50 + (50 * said) / total;
}

export const clip = (text: string, most: number): string =>
  text.length <= most ? text : `${text.slice(0, most - 1).toWellFormed()}…`;
