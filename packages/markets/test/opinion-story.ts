import { localParams, oracleLimitsOf } from "@sooth/chain";
import { opinionsAbi } from "@sooth/abi";
import { type Address, type Amount, at, type Bps, type Hex } from "@sooth/kernel";
import {
  decodeAnswerWord,
  encodeAnswerWord,
  openReplay,
  questionId,
  schemaText,
  type Terms,
} from "@sooth/oracle/core";
import { roundAfter } from "@sooth/randomness/core";
import { encodeFunctionData, keccak256, stringToHex, toHex } from "viem";
import { drawOf, holdsUnit } from "../src/core/opinions/draw.ts";
import {
  doorOf,
  opinionMarketId,
  type OpinionTerms,
  opinionTermsHash,
  opinionTermsToChain,
  sharesOf,
  stanceCommitment,
  textHash,
} from "../src/core/opinions/terms.ts";
import type { OpinionLedger } from "../src/core/proof/opinion-ledger.ts";
import type { MarketProofDomain, MoneyLog, OpinionLog, OpinionLogOf } from "../src/core/proof/opinion-log.ts";
import { openOpinions, replayOpinions } from "../src/core/proof/opinions.ts";
import { readsOpinions } from "./reads-opinions.ts";
import { netOf, prizeOf, shareOf, tally, type Tally, totalsOf } from "../src/core/rules/bands.ts";

/** Logs of one opinion market from its announcement to its last claim, made from the formulas alone: no chain. */

export const START = 1_800_000_000;
export const OPINIONS: Address = `0x${"a6".repeat(20)}`;
export const someone = (index: number): Address => `0x${(index + 0xa000).toString(16).repeat(10)}`;
export const STATEMENT = "Zoos should be closed";
const some = (digits: string): Address => `0x${digits.repeat(20)}`;

export const domain: MarketProofDomain = {
  chainId: 31_337,
  oracle: some("b0"),
  addresses: {
    opinions: OPINIONS,
    ladder: some("a1"),
    court: some("a2"),
    slasher: some("55"),
    epochs: some("6e"),
  },
  params: { ...localParams, limits: oracleLimitsOf(localParams) },
};

/** Something that happens to the oracle between two logs, or a log. */
export type Step = OpinionLog | { at: number; to: (ledger: OpinionLedger) => void };
export type Story = { id: Hex; terms: OpinionTerms; question: Terms; steps: Step[]; end: number };

let block = 1;
let logIndex = 0;
export function logged<E extends OpinionLog["event"]>(
  event: E,
  when: number,
  args: OpinionLogOf<E>["args"],
  input?: Hex,
): OpinionLog {
  block += 1;
  logIndex += 2;
  const place = { block, logIndex, at: when, transaction: keccak256(toHex(block)), ...(input && { input }) };
  return { contract: "opinions", event, args, ...place } as unknown as OpinionLog;
}

export const isLog = (step: Step): step is OpinionLog => "event" in step;

export function questionOf(closesAt: number, revealSeconds = 0): Terms {
  return {
    asker: someone(900),
    schema: keccak256(stringToHex("schema")),
    aggregation: "median",
    min: 0n,
    max: 10_000n,
    tolerance: 0n,
    opensAt: closesAt + revealSeconds,
    deadline: closesAt + revealSeconds + 3_000,
    liveness: 60,
    reward: 0n,
    nonce: 1n,
    domain: 0,
    endsEarly: false,
    secures: 1_000_000_000n,
  };
}

export function termsOf(over: Partial<OpinionTerms> = {}): { terms: OpinionTerms; question: Terms } {
  const closesAt = START + 1_000;
  const question = questionOf(closesAt, over.revealSeconds);
  const terms: OpinionTerms = {
    question: questionId(question),
    statement: textHash(STATEMENT),
    rubric: textHash("rubric"),
    creator: someone(901),
    closesAt,
    revealSeconds: 0,
    quietSeconds: 100,
    feeBps: 250 as Bps,
    prizeBps: 1_000 as Bps,
    prizes: 3,
    minConfidence: 5_000,
    rule: "fourth",
    leastStake: 500_000n as Amount,
    mostStake: 10_000_000n as Amount,
    quietMost: 600_000n as Amount,
    ...over,
  };
  return { terms, question };
}

/** The question is there and open. */
export const asking = (question: Terms, schema = readsOpinions(OPINIONS, question.opensAt)): Step => ({
  at: START - 1,
  to: ({ oracle }) => {
    const id = questionId(question);
    const { deadline, opensAt } = question;
    const raw = encodeAnswerWord({
      state: "open",
      deadline,
      notBefore: opensAt,
      round: 0,
      rewardSettled: false,
    });
    oracle.questions.set(id, {
      id,
      terms: question,
      schema: schemaText(schema),
      raw,
      root: null,
      get word() {
        return decodeAnswerWord(this.raw);
      },
    });
  },
});

export const answering = (
  question: Terms,
  value: bigint,
  o: { confidence?: number; finalAt: number },
): Step => ({
  at: o.finalAt - 60,
  to: ({ oracle }) => {
    const known = oracle.questions.get(questionId(question));
    if (known)
      known.raw = encodeAnswerWord({
        state: "answered",
        value,
        finalizeAt: o.finalAt,
        confidence: o.confidence ?? 9_000,
        seats: 7n,
        epoch: 1,
        round: 0,
        rewardSettled: false,
      });
  },
});

export const proving = (round: bigint, seed: Hex, when: number): Step => ({
  at: when,
  to: ({ oracle }) => void oracle.seeds.set(round, seed),
});

export const announced = ({ terms }: Pick<Story, "terms">, when = START): OpinionLog =>
  logged("Announced", when, {
    market: opinionMarketId(terms),
    question: terms.question,
    terms: opinionTermsToChain(terms),
    statement: STATEMENT,
  });

/** The round that a score of this second names. */
export const roundAt = (when: number): bigint =>
  roundAfter(
    { genesis: domain.params.beaconGenesis, period: domain.params.beaconPeriodSeconds },
    when + domain.params.drawDelaySeconds,
  );

export const SEED = keccak256(stringToHex("seed"));
export type Someone = { owner: Address; band: number; amount: Amount };
const PEOPLE: Someone[] = [
  { owner: someone(1), band: 12, amount: 2_000_000n as Amount },
  { owner: someone(2), band: 14, amount: 5_000_001n as Amount },
  { owner: someone(3), band: 3, amount: 1_000_000n as Amount },
  { owner: someone(4), band: 12, amount: 700_003n as Amount },
];

export const stakes = (id: Hex, people: readonly Someone[]): OpinionLog[] =>
  people.map(({ owner, band, amount }, index) =>
    logged("Staked", START + 10 + index, {
      market: id,
      owner,
      band,
      amount: Number(amount),
      opinion: textHash(`what ${owner} thinks`),
    }),
  );

/** Where a prize fell, worked out from the stakes in the order in which they came. */
export function winnerOf(id: Hex, people: readonly Someone[], ended: Tally, prize: number): Address {
  const unit = drawOf({ seed: SEED, market: id, prize }, totalsOf(people), "fourth", ended);
  const starts = people.map(({ band }, index) =>
    people.slice(0, index).reduce((sum, one) => (one.band === band ? sum + one.amount : sum), 0n),
  );
  const place = people.findIndex(({ band, amount }, index) =>
    holdsUnit({ band, amount, start: at(starts, index) }, unit),
  );
  return at(people, place).owner;
}

/** Open stances, a score of 63, three prizes, everything claimed. */
export function settledStory(over: Partial<OpinionTerms> = {}): Story & { people: Someone[] } {
  const { terms, question } = termsOf(over);
  const id = opinionMarketId(terms);
  const finalAt = question.opensAt + 100;
  const scoredAt = finalAt + 5;
  const totals = totalsOf(PEOPLE);
  const ended = tally(totals, 63, terms.rule);
  const shares = sharesOf(terms);
  const round = roundAt(scoredAt);
  const paidAt = scoredAt + 100;
  const steps: Step[] = [
    asking(question),
    announced({ terms }),
    ...stakes(id, PEOPLE),
    answering(question, 6_250n, { finalAt }),
    logged("Scored", scoredAt, {
      market: id,
      score: 63,
      confidence: 9_000,
      total: ended.total,
      count: 4n,
      round,
    }),
    proving(round, SEED, scoredAt + 10),
    ...PEOPLE.map(({ owner, band, amount }) =>
      logged("Claimed", paidAt, {
        market: id,
        owner,
        paid: shareOf(netOf(ended.total, shares), { band, amount }, terms.rule, ended),
      }),
    ),
    ...[0, 1, 2].map((prize) =>
      logged("PrizePaid", paidAt, {
        market: id,
        owner: winnerOf(id, PEOPLE, ended, prize),
        prize: BigInt(prize),
        paid: prizeOf(ended.total, shares),
      }),
    ),
    logged("FeeCollected", paidAt, {
      market: id,
      creator: terms.creator,
      fee: (ended.total * BigInt(terms.feeBps)) / 10_000n,
    }),
  ];
  return { id, terms, question, steps, end: paidAt + 1, people: PEOPLE };
}

export const SALT: Hex = `0x${"5a".repeat(32)}`;

/** Hidden stances of 10, 11 and 2; the last is never told. A score of 50, no prizes, everything claimed. */
export function hiddenStory(): Story {
  const { terms, question } = termsOf({ revealSeconds: 3_600, prizeBps: 0 as Bps });
  const id = opinionMarketId(terms);
  const people = [10, 11, 2].map((band, index) => ({
    owner: someone(index + 1),
    band,
    amount: 1_000_000n as Amount,
  }));
  const told = people.slice(0, 2);
  const ended = tally(totalsOf(told), 50, terms.rule);
  const pot = (netOf(ended.total, sharesOf(terms)) + 1_000_000n) as Amount;
  const finalAt = question.opensAt + 100;
  const steps: Step[] = [
    asking(question),
    announced({ terms }),
    ...people.flatMap(({ owner, band, amount }, index) => [
      logged("Hidden", START + 10 + index, {
        market: id,
        owner,
        commitment: stanceCommitment(id, owner, band, SALT),
        sealed_: "0x1234",
      }),
      logged("Staked", START + 10 + index, {
        market: id,
        owner,
        band: 31,
        amount: Number(amount),
        opinion: textHash("secret"),
      }),
    ]),
    ...told.map(({ owner, band }) =>
      logged(
        "Revealed",
        terms.closesAt + 60,
        { market: id, owner, band },
        encodeFunctionData({
          abi: opinionsAbi,
          functionName: "reveal",
          args: [opinionTermsHash(terms), doorOf(terms), owner, band, SALT],
        }),
      ),
    ),
    answering(question, 5_000n, { finalAt }),
    logged("Scored", finalAt + 5, {
      market: id,
      score: 50,
      confidence: 9_000,
      total: 2_000_000n,
      count: 2n,
      round: 0n,
    }),
    ...people.map(({ owner, band, amount }, index) =>
      logged("Claimed", finalAt + 100, {
        market: id,
        owner,
        paid: index === 2 ? 0n : shareOf(pot, { band, amount }, terms.rule, ended),
      }),
    ),
    logged("FeeCollected", finalAt + 100, { market: id, creator: terms.creator, fee: 50_000n }),
  ];
  return { id, terms, question, steps, end: finalAt + 101 };
}

/** The ledger that these steps leave, and everything that it has to say. */
export function replayed(steps: readonly Step[], over: Partial<MarketProofDomain["params"]> = {}) {
  const its = { ...domain, params: { ...domain.params, ...over } };
  const oracle = openReplay(its, () => null);
  const ledger = openOpinions(oracle, its);
  for (const step of steps) {
    if (isLog(step)) replayOpinions(ledger, step);
    else step.to(ledger);
  }
  return ledger;
}

/** The movements of collateral that belong to these logs. */
export const moneyFor = (logs: readonly OpinionLog[]): MoneyLog[] =>
  logs.flatMap((log): MoneyLog[] => {
    const { block: its, logIndex: index, at: when, transaction } = log;
    const place = { block: its, logIndex: index + 1, at: when, transaction };
    const moved = (from: Address, to: Address, amount: bigint): MoneyLog[] =>
      amount === 0n ? [] : [{ ...place, event: "Transfer", args: { from, to, amount } }];
    switch (log.event) {
      case "Staked":
        return moved(log.args.owner, OPINIONS, BigInt(log.args.amount));
      case "Claimed":
      case "PrizePaid":
        return moved(OPINIONS, log.args.owner, log.args.paid);
      case "FeeCollected":
        return moved(OPINIONS, log.args.creator, log.args.fee);
      default:
        return [];
    }
  });
