import { at } from "@sooth/kernel";
import { lateFrom } from "../consensus.ts";
import { type DisputeOutcome, JURY_SIZES } from "../disputes/index.ts";
import { several } from "../figures.ts";
import {
  ATTEMPT_KINDS,
  type Attempt,
  byClock,
  bySignatures,
  byTransaction,
  type DisputeSeen,
  type Story,
} from "./attempt.ts";

/** What the secondary sources were good for, once it was late without an answer. */
export function secondary(story: Story): Attempt[] {
  const { schema, terms, status, now, answer } = story;
  const { round } = at(story.rounds, story.rounds.length - 1);
  const from = lateFrom(terms);
  if (now < from || (answer !== null && answer.at < from) || schema.sources.length === 0) return [];
  const named = schema.secondary ?? [];
  const common = { round, kind: "secondary", at: from, restsOn: byClock(from) } as const;
  if (named.length === 0)
    return [{ ...common, state: "failed", reason: "the question names no secondary sources" }];
  const names = named.map(({ name }) => name).join(", ");
  if (status === "open")
    return [
      {
        ...common,
        state: "waiting",
        reason: `it is late: whoever cannot read the sources reads ${names}`,
      },
    ];
  const reports = story.reports.filter((report) => report.round === round);
  const resting = reports.filter((report) => report.secondary === true).length;
  const isAnswered = answer !== null || status === "answered" || status === "final";
  const state = isAnswered ? "done" : status === "disputed" ? "waiting" : "failed";
  if (resting === 0) return [{ ...common, state, reason: `no report rests on ${names}` }];
  return [
    {
      ...common,
      state,
      reason: `${resting} of ${several(reports.length, "report")} rest on ${names}`,
      restsOn: bySignatures(resting),
    },
  ];
}

/** Why no jury hears of a root that nobody signed: from the time on at which it would hear of a single value. */
export function unheard({ terms, status, now, answer, rounds, schema }: Story): Attempt[] {
  const { round, from } = at(rounds, rounds.length - 1);
  const late = Math.max(lateFrom(terms), from);
  const isSilent = answer === null && (status === "open" || status === "invalid");
  if (terms.aggregation !== "root" || !isSilent || now < late) return [];
  const many = schema.items?.names?.length ?? schema.items?.count;
  return [
    {
      round,
      kind: "jury",
      state: "failed",
      reason: `a jury reads one value, not the ${many === undefined ? "many answers" : several(many, "answer")} that stand under one root: what nobody signs is refunded, and can be asked again`,
      at: late,
      restsOn: byClock(late),
    },
  ];
}

const SAYS = [
  "no choice has its supermajority",
  "the answer stands",
  "the claim is right",
  "neither is right",
];
const ENDS: Record<DisputeOutcome, string> = {
  uphold: "the answer stands, for good",
  restore: "the claim said nothing else than the answer",
  replace: "another answer took its place",
  reopen: "it was too early, and the question opened again",
  invalid: "the question has no answer",
};

/** Reporting anew, after somebody objected. */
export function rereported(dispute: DisputeSeen): Attempt[] {
  const { round } = dispute;
  const common = { round, kind: "rereport" } as const;
  if (dispute.isJuryOnly) return [];
  const done = dispute.steps.find(({ kind }) => kind === "rereported");
  if (done)
    return [
      {
        ...common,
        state: "done",
        reason: `a quorum of newly read reports says ${done.value ?? "something else"}`,
        at: done.at,
        restsOn: byTransaction(done.transaction),
      },
    ];
  const jury = dispute.steps.find(({ kind }) => kind === "convened");
  if (jury)
    return [
      {
        ...common,
        state: "failed",
        reason: "no quorum reported anew in the time for it",
        at: jury.at,
        restsOn: byTransaction(jury.transaction),
      },
    ];
  return [
    {
      ...common,
      state: dispute.ended === null ? "waiting" : "done",
      reason: `somebody objected ${dispute.isSilence ? "to the silence " : ""}and says ${dispute.claim}: providers read again`,
      at: dispute.at,
      restsOn: byTransaction(dispute.transaction),
    },
  ];
}

const isUpheld = ({ outcome }: DisputeSeen): boolean => outcome === "uphold" || outcome === "restore";

/** Juries, one after the other, and how the dispute ended. */
export function juries(dispute: DisputeSeen): Attempt[] {
  const { round, steps } = dispute;
  const attempts = steps.flatMap((step, index): Attempt[] => {
    const common = { round, kind: "jury", at: step.at, restsOn: byTransaction(step.transaction) } as const;
    if (step.kind === "convened") {
      const isOver = steps.slice(index + 1).some(({ kind }) => kind === "verdict");
      if (isOver) return [];
      return [
        {
          ...common,
          state: dispute.ended === null ? "waiting" : "failed",
          reason: `a jury of ${JURY_SIZES[step.tier ?? 0] ?? 9} decides`,
        },
      ];
    }
    if (step.kind === "verdict") {
      const sat = steps.slice(0, index).findLast(({ kind }) => kind === "convened");
      const choice = step.choice ?? 0;
      return [
        {
          ...common,
          state: choice === 0 ? "failed" : "done",
          reason: `the jury of ${JURY_SIZES[sat?.tier ?? 0] ?? 9} found: ${SAYS[choice] ?? "nothing"}`,
        },
      ];
    }
    return step.kind === "appealed" ? [{ ...common, state: "done", reason: "somebody appealed" }] : [];
  });
  if (dispute.ended === null || dispute.outcome === null) return attempts;
  const kind = steps.some((step) => step.kind === "convened") ? "jury" : "rereport";
  return [
    ...attempts,
    {
      round,
      kind,
      state: "done",
      reason: `the dispute ended: ${dispute.isSilence && isUpheld(dispute) ? "the silence stands, there is no answer" : ENDS[dispute.outcome]}`,
      at: dispute.ended.at,
      restsOn: byTransaction(dispute.ended.transaction),
    },
  ];
}

/** How it was given up, with what had failed before. */
export function invalid(story: Story, before: readonly Attempt[]): Attempt[] {
  if (story.status !== "invalid") return [];
  const { round } = at(story.rounds, story.rounds.length - 1);
  const ruled = story.disputes.find(
    (dispute) => dispute.outcome === "invalid" || (dispute.isSilence && isUpheld(dispute)),
  );
  if (ruled?.ended)
    return [
      {
        round,
        kind: "invalid",
        state: "done",
        reason: "it was decided in a dispute that there is no answer: everybody is refunded",
        at: ruled.ended.at,
        restsOn: byTransaction(ruled.ended.transaction),
      },
    ];
  if (story.answer)
    return [
      {
        round,
        kind: "invalid",
        state: "done",
        reason: "a quorum signed that there is no answer: everybody is refunded",
        at: story.answer.at,
        restsOn:
          story.answer.transaction === null
            ? byClock(story.answer.at)
            : byTransaction(story.answer.transaction),
      },
    ];
  const failed = new Map(
    before
      .filter((attempt) => attempt.state === "failed" && attempt.round === round)
      .map(({ kind, reason }) => [kind, reason]),
  );
  const told = ATTEMPT_KINDS.flatMap((kind) => {
    const reason = failed.get(kind);
    return reason === undefined ? [] : [`${TITLES[kind]}: ${reason}.`];
  });
  const { deadline } = story.terms;
  return [
    {
      round,
      kind: "invalid",
      state: "done",
      reason: `no answer by the deadline, so everybody is refunded. ${told.join(" ")}`,
      at: deadline + 1,
      restsOn: byClock(deadline),
    },
  ];
}

const TITLES: Record<Attempt["kind"], string> = {
  assign: "Seats",
  observe: "Reading",
  commit: "Commitments",
  reveal: "Values shown",
  report: "Reports",
  extend: "More providers",
  secondary: "Secondary sources",
  rereport: "Reporting anew",
  jury: "Jury",
  invalid: "End",
};
