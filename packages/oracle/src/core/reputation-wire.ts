import { z } from "zod";
import { wireAddress, wireHex32, wireInteger, wireSeconds } from "./wire-words.ts";

/** JSON shapes of reputation. Counts are fixed point of 18 decimals, as decimal strings. */

const wireMarks = {
  /** 0 to 1000. */
  score: z.number().int(),
  /** What of his stake counts, basis points: 0 while suspended. */
  factorBps: z.number().int(),
  /** Final rounds missed in a row. */
  strikes: z.number().int(),
  /** Whether his work counts twice. */
  premium: z.boolean(),
};

/** What all periods say of a provider in one domain. */
export const wireReputation = z.object({
  domain: z.number().int(),
  ...wireMarks,
  suspendedUntil: wireSeconds.nullable(),
  /** What the contracts know, which follows when a period's root is final; null while they know nothing. */
  onChain: z
    .object({
      score: z.number().int(),
      factorBps: z.number().int(),
      /** Whether his part of rewards that are split now is twice as large. */
      premium: z.boolean(),
      period: z.number().int(),
    })
    .nullable(),
  /** Oldest first; `at` is the period's end. */
  history: z.array(
    z.object({
      period: z.number().int(),
      at: wireSeconds,
      ...wireMarks,
      /** Evidence for and against him, decayed to the last question. */
      right: wireInteger,
      wrong: wireInteger,
      /** In this period alone: questions whose answer holds his report, and questions that he missed. */
      answered: z.number().int(),
      missed: z.number().int(),
    }),
  ),
});

/** A record as its leaf says it, with the proof that leads to the root. */
const wireRecord = z.object({
  owner: wireAddress,
  ...wireMarks,
  suspendedUntil: z.number().int(),
  cluster: z.number().int(),
  /** What the next period starts from, so that anybody may go on from here. */
  state: z.object({
    right: wireInteger,
    wrong: wireInteger,
    at: wireSeconds,
    probation: z.number().int(),
    rounds: z.number().int(),
    warnings: z.number().int(),
    outsideAt: z.number().int(),
  }),
  proof: z.array(wireHex32),
});

export const wirePeriod = z.object({
  domain: z.number().int(),
  number: z.number().int(),
  /** Questions count that became final after `since` and not after `until`. */
  since: wireSeconds,
  until: wireSeconds,
  questions: z.number().int(),
  /** As this server worked it out. */
  root: wireHex32,
  /** The question for the root, once it is asked, and the root that a quorum gave. */
  question: wireHex32.nullable(),
  answer: z.object({ root: wireHex32, facts: wireInteger, finalizeAt: wireSeconds }).nullable(),
  records: z.array(wireRecord),
  /** Who stands together by the logs; the text of `evidence` is found by this hash. */
  clusters: z.array(
    z.object({ number: z.number().int(), members: z.array(wireAddress), evidence: wireHex32 }),
  ),
});
