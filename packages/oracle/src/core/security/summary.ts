import type { SecurityEvent } from "./event.ts";

type Facts = SecurityEvent["evidence"];

/** One sentence a rule, for people; the figures are the evidence's own. */
const SENTENCES: Readonly<Record<string, (facts: Facts, subject: string) => string>> = {
  "late-burst": (f) =>
    `${f.lateReports} reports with ${f.lateWeight} of ${f.weight} weight came in the last tenth of the round` +
    (f.before === f.after ? "" : `, and the leading value went from ${f.before} to ${f.after}`),
  "stake-churn": (f, subject) =>
    `${f.moved} of ${f.totalStake} stake moved within six hours before ${subject}`,
  "stale-value": (f, subject) =>
    `${subject} sent ${f.value} ${f.rounds} times in a row, ${f.wrong} times outside the tolerance`,
  "new-key-cluster": (f, subject) =>
    `${f.keys} keys with the same ${subject} joined within a day; they hold ${f.stake} of ${f.totalStake} stake`,
  "source-outage": (f, subject) =>
    `${subject} failed for ${f.failed} of ${f.readers} readers; ${f.sourcesFailing} of ${f.sources} sources fail`,
  "gas-censorship": (f, subject) =>
    `gas was ${f.baseFee} after ${f.dayBefore} the day before while ${subject} waited` +
    (f.includedAt === "null" ? ", and it is in no block yet" : ""),
  "dispute-surge": (f, subject) =>
    `domain ${subject}: ${f.disputes} of ${f.answers} answers of a day were disputed, ${f.disputesBefore} of ${f.answersBefore} in the thirty days before`,
  brakes: (f, subject) => {
    if (f.guardian !== undefined) return "the guardian holds up reports and the clocks of disputes";
    return subject === "breaker value"
      ? "too much value is to become final within one hour: windows for objections are doubled for a day"
      : `${f.found} disputes at once, more than ${f.limit}: windows for objections are doubled for a day`;
  },
  collusion: (f) =>
    `${f.size} providers err together more than chance allows (step ${f.step}${f.notice === "none" ? "" : `, ${f.notice}`})`,
  position: (f) => `${f.owner} holds a position in question ${f.question}, by ${f.holder}, and ${f.as}`,
  "consumer-named": (f) =>
    `the policy named the consumer ${f.consumer}: what it says of positions costs stakes from ${f.from} on`,
  "witness-disagreement": (f) =>
    f.people === "0"
      ? `${f.against} of ${f.models} language models say something else than the others, and no person has spoken`
      : `${f.against} of ${f.models} language models contradict the people, who say ${f.lead}` +
        (f.all === f.lead ? "" : `; with the models it is ${f.all}`),
  watcher: (f) => `a watcher reads ${f.expected} where the answer is ${f.got}`,
};

/** What an event says, in one sentence. A rule without a sentence is told by its name. */
export function summaryOf({ rule, subject, evidence }: Pick<SecurityEvent, "rule" | "subject" | "evidence">) {
  return SENTENCES[rule]?.(evidence, subject) ?? `${rule}: ${subject}`;
}
