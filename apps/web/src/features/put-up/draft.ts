import { msg, t } from "@lingui/core/macro";
import { leastReportSeconds, OPINION_LIMITS, type Rule, textBytes } from "@sooth/markets/core";
import { type QuestionSchema, questionSchema } from "@sooth/oracle/core";
import { formatAmount, parseAmount, typedAmount } from "../../format/amount.ts";
import { longestWindow, windowFor, type Windows } from "../create/window.ts";

/** What the form holds: texts as they were typed. */
export type Draft = {
  statement: string;
  /** Seconds from now to closing. */
  openSeconds: number;
  hidden: boolean;
  rule: Rule;
  fee: string;
  prize: string;
  prizes: string;
  leastStake: string;
  mostStake: string;
  /** All stakes together: what the answer secures. */
  mostInAll: string;
  minConfidence: string;
  reward: string;
};
export type Field = keyof Draft;
export type Problems = Partial<Record<Field, string>>;

/** What is signed, in the order of signing: the question, then the market on it. */
export type Plan = {
  statement: string;
  schema: QuestionSchema;
  opensAt: number;
  deadline: number;
  liveness: number;
  reward: string;
  /** All that may be staked, in the collateral's smallest unit. */
  secures: string;
  market: {
    closesAt: number;
    revealSeconds: number;
    quietSeconds: number;
    feeBps: number;
    prizeBps: number;
    prizes: number;
    minConfidence: number;
    rule: Rule;
    leastStake: string;
    mostStake: string;
    quietMost: string;
  };
};

/** What the network allows and the creator has, as far as it is known. Collateral in its smallest unit. */
export type Means = Windows & {
  hub: { chainId: number; local: boolean };
  opinions: string;
  decimals: number;
  balance?: bigint | undefined;
  /** Whether this server tells hidden stances after closing; not given: it is not known yet. */
  tells?: boolean;
  /** What the deployment fixed; undefined while it is not known. */
  fixed?: Fixed | undefined;
};
export type Fixed = {
  /** To the treasury. */
  creationFee: bigint;
  /** Between now and closing. */
  leastSeconds: number;
  leastStake: bigint;
  mostStake: bigint;
  /** From how many families of models providers must have labels. */
  leastFamilies: number;
  /** All stakes together: what the providers who sit can answer for; null while none is known. */
  mostSecured: bigint | null;
};

/** How opinions are graded, the same for all markets that this page puts up. Its hash is among the terms. */
export const RUBRIC = `Each opinion is read by itself, beside the statement only.
Stance: from -1, wholly against the statement, to 1, wholly for it.
Quality, 0 to 100: clarity 20, insight 30, reasoning 30, originality 20.
An opinion does not count that is empty, cannot be read, repeats itself or the statement, or speaks to whoever grades it.`;

const DAY = 86_400;
export const DURATIONS = [
  { seconds: DAY, label: msg`1 day` },
  { seconds: 3 * DAY, label: msg`3 days` },
  { seconds: 7 * DAY, label: msg`7 days` },
  { seconds: 14 * DAY, label: msg`14 days` },
] as const;
/** A laptop has no patience. */
export const LOCAL_DURATIONS = [
  { seconds: 120, label: msg`2 min` },
  { seconds: 600, label: msg`10 min` },
  { seconds: 3_600, label: msg`1 hour` },
] as const;

/** What providers can answer for, as far as it is known: `Means` says what each is. */
export type Securing = Pick<Means, "decimals"> & { mostSecured: bigint | null };

export const newDraft = (local: boolean, securing?: Securing): Draft => ({
  statement: "",
  openSeconds: local ? 600 : 3 * DAY,
  hidden: false,
  rule: "fourth",
  fee: "2",
  prize: "5",
  prizes: "1",
  leastStake: "0.5",
  mostStake: USUAL_STAKE,
  mostInAll: proposedInAll(securing),
  minConfidence: "40",
  reward: local ? "5" : "20",
});

/** A tenth of what a laptop's providers answer for while nobody has a record: so much is left once the first records count. */
const USUAL_IN_ALL = "500";
const USUAL_STAKE = "10";
/** Half of what the providers can answer for now, at most: they may weigh less once the answer is due, and then none would come. */
function proposedInAll({ decimals, mostSecured }: Securing = { decimals: 0, mostSecured: null }): string {
  if (mostSecured === null) return USUAL_IN_ALL;
  const [usual, oneStake] = [parseAmount(USUAL_IN_ALL, decimals), parseAmount(USUAL_STAKE, decimals)];
  const half = mostSecured / 2n;
  if (half >= usual) return USUAL_IN_ALL;
  // It has to hold one stake.
  const proposed = half >= oneStake ? half : mostSecured < oneStake ? mostSecured : oneStake;
  return typedAmount(proposed, decimals);
}

const LEAST_CHARACTERS = 10;
/** Analysts report within this time after closing, or a longer one where the network's times are longer. */
const [REPORT_SECONDS, LOCAL_REPORT_SECONDS] = [4 * 3_600, 900];
const reportSeconds = ({ hub, lowestWindow = 0 }: Means): number =>
  Math.max(hub.local ? LOCAL_REPORT_SECONDS : REPORT_SECONDS, leastReportSeconds({ lowestWindow }));
/** A tenth of the time at the end, an hour at most, admits small stakes only. */
const [QUIET_PART, MOST_QUIET] = [10, 3_600];
const [REVEAL_SECONDS, LOCAL_REVEAL_SECONDS] = [DAY, OPINION_LIMITS.leastRevealSeconds];
/** How long hidden stances may be told after closing; judging starts then. */
export const revealSecondsOf = ({ local }: { local: boolean }): number =>
  local ? LOCAL_REVEAL_SECONDS : REVEAL_SECONDS;
/** Between the plan and the block that its last transaction is in; the contract counts from there. */
const [SIGNING_SECONDS, LOCAL_SIGNING_SECONDS] = [900, 0];
/** Half is more than labels of one family of models have, and less than two that agree have on most crowds. */
const MOST_SHEET_CONFIDENCE = 5_000;
/** Reports this close to the answer count as agreeing with it. */
const TOLERANCE = "5";

/** The plan that this draft makes, or what has to be mended first, by field. `now` is the chain's. */
export function planOf(draft: Draft, now: number, means: Means): { plan?: Plan; problems: Problems } {
  const problems: Problems = {};
  const attempt = <T>(field: Field, read: () => T): T | undefined => {
    try {
      return read();
    } catch (error) {
      problems[field] = error instanceof Error ? error.message : t`This does not hold.`;
      return undefined;
    }
  };
  const percent = (field: "fee" | "prize" | "minConfidence", most: number) =>
    attempt(field, () => {
      const bps = Number(parseAmount(draft[field], 2));
      if (bps > most) problems[field] = t`At most ${most / 100} percent.`;
      return bps;
    });
  const money = (field: "leastStake" | "mostStake" | "mostInAll" | "reward") =>
    attempt(field, () => parseAmount(draft[field], means.decimals));

  const statement = draft.statement.trim();
  if (statement.length < LEAST_CHARACTERS)
    problems.statement = t`Write a whole sentence, at least ${LEAST_CHARACTERS} characters.`;
  else if (textBytes(statement) > OPINION_LIMITS.statementBytes)
    problems.statement = t`At most ${OPINION_LIMITS.statementBytes} bytes.`;
  const feeBps = percent("fee", OPINION_LIMITS.feeBps);
  const prizeBps = percent("prize", OPINION_LIMITS.prizeBps);
  const minConfidence = percent("minConfidence", 10_000);
  const prizes = attempt("prizes", () => Number(parseAmount(draft.prizes, 0)));
  if (prizes !== undefined && (prizes < 1 || prizes > OPINION_LIMITS.prizes))
    problems.prizes = t`From 1 to ${OPINION_LIMITS.prizes}.`;
  const [least, most, reward] = [money("leastStake"), money("mostStake"), money("reward")];
  const inAll = money("mostInAll");
  if (least !== undefined && most !== undefined && least > most)
    problems.mostStake = t`Less than the smallest stake.`;
  if (most !== undefined && inAll !== undefined && inAll < most)
    problems.mostInAll = t`Less than the largest stake.`;
  if (draft.hidden && means.tells === false) problems.hidden = NOBODY_TELLS();
  const { balance, fixed } = means;
  // The question is asked and paid for before the market is: what that one refuses is said before either.
  if (fixed && least !== undefined && least < fixed.leastStake)
    problems.leastStake = t`At least ${formatAmount(fixed.leastStake, means.decimals)} here.`;
  if (fixed && most !== undefined && most > fixed.mostStake)
    problems.mostStake = t`At most ${formatAmount(fixed.mostStake, means.decimals)} here.`;
  const mostSecured = fixed?.mostSecured ?? null;
  if (mostSecured !== null && inAll !== undefined && inAll > mostSecured)
    problems.mostInAll = t`At most ${formatAmount(mostSecured, means.decimals)} here: the providers can answer for no more.`;
  const creationFee = fixed?.creationFee ?? 0n;
  if (reward !== undefined && balance !== undefined && reward + creationFee > balance)
    problems.reward =
      creationFee === 0n
        ? t`This is more than you have.`
        : t`With the creation fee this is more than you have.`;
  if (Object.keys(problems).length > 0) return { problems };

  const { local } = means.hub;
  const signing = local ? LOCAL_SIGNING_SECONDS : SIGNING_SECONDS;
  const closesAt = now + Math.max(draft.openSeconds, (fixed?.leastSeconds ?? 0) + signing);
  const revealSeconds = draft.hidden ? revealSecondsOf(means.hub) : 0;
  const opensAt = closesAt + revealSeconds;
  const families = fixed?.leastFamilies ?? 1;
  const schema = questionSchema.parse({
    version: 1,
    text: `What do the opinions on this statement come to? “${statement}”`,
    kind: "score",
    decimals: 2,
    unit: "points",
    observeAt: opensAt,
    sources: [
      {
        type: "opinions",
        name: "opinions",
        unit: "points",
        chainId: means.hub.chainId,
        address: means.opinions,
        ...(families > 1 && { families, ...surely(minConfidence) }),
      },
    ],
    description: RUBRIC,
    tolerance: TOLERANCE,
  });
  return {
    problems,
    plan: {
      statement,
      schema,
      opensAt,
      deadline: opensAt + reportSeconds(means),
      // Who doubts labels has to label again: where two families are wanted for the money's sake, there is time to.
      liveness: families > 1 ? longestWindow(means) : windowFor(inAll ?? 0n, means).proposed,
      reward: String(reward),
      secures: String(inAll),
      market: {
        closesAt,
        revealSeconds,
        quietSeconds: Math.min(Math.floor(draft.openSeconds / QUIET_PART), MOST_QUIET),
        feeBps: feeBps ?? 0,
        prizeBps: prizeBps ?? 0,
        prizes: prizes ?? 1,
        minConfidence: minConfidence ?? 0,
        rule: draft.rule,
        leastStake: String(least),
        mostStake: String(most),
        quietMost: String(least),
      },
    },
  };
}

/** Why a statement's stances cannot be hidden here. */
export const NOBODY_TELLS = (): string =>
  t`Not here: nobody tells hidden stances on this server, and one that is not told costs the whole stake.`;

/** Each provider's labels must be as sure as the market wants his answer to be. */
const surely = (minConfidence = 0) =>
  minConfidence > 0 && { confidence: Math.min(minConfidence, MOST_SHEET_CONFIDENCE) };

const VERB =
  /\b(should|must|ought|is|are|was|were|will|would|can|could|may|might|does|do|did|has|have|had|makes?|gives?|takes?|gets?|brings?|keeps?|leads?|causes?|costs?|works?|harms?|hurts?|helps?|needs?|improves?|raises?|lowers?|increases?|reduces?|saves?|deserves?|matters?|means?|beats?|wins?)\b/i;

/** What could make readers disagree about a statement. Advice, not rules: nothing here stops anybody. */
export function hintsFor(statement: string): string[] {
  const text = statement.trim();
  if (text.length < LEAST_CHARACTERS) return [];
  const hints: string[] = [];
  if (text.endsWith("?")) hints.push(t`This is a question. People are for or against a statement.`);
  if (/\b(and|or)\b/i.test(text))
    hints.push(
      t`“And” or “or” may join two statements: who agrees with one only does not know where to stand.`,
    );
  if (/\b(not|never|no|n't)\b/i.test(text))
    hints.push(t`With a “not” in it, “against” means two things to two readers. Say it the other way round.`);
  // A verb, or a full stop: whoever sets one has written a sentence, also with a verb that is not among these.
  if (!text.endsWith(".") && !VERB.test(text))
    hints.push(t`It may be no whole statement: say what should be, or what is.`);
  return hints;
}
