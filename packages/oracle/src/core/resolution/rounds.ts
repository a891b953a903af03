import { hasEarlyQuorum, hasQuorum } from "../aggregate.ts";
import { percentOf, several } from "../figures.ts";
import {
  type Attempt,
  byClock,
  bySignatures,
  byTransaction,
  type EpochSeen,
  type RoundSeen,
  type Story,
} from "./attempt.ts";
import { extendFrom, isInSight } from "./extension.ts";
import { stateOf } from "./record-state.ts";

/** More than two thirds, as people write it. */
const WANTED = "more than 66.6%";
/** Of what may end early, before it opens. */
const WANTED_EARLY = "90.0%";

/** Of an address, as much as tells it from others. */
const short = (signer: string): string => `${signer.slice(0, 6)}…${signer.slice(-4)}`;

/**
 * Epochs in force while the round took reports. An answer ends that, whatever epochs follow the one that signed it; when
 * a ruling took its place, only a time after it is known.
 */
export function epochsIn(
  { epochs, now, answer }: Pick<Story, "epochs" | "now" | "answer">,
  span: RoundSeen,
): EpochSeen[] {
  const own = answer?.round === span.round ? answer : null;
  const end = own ? Math.max(own.at, span.from) : (span.until ?? now);
  const last = epochs.find(({ epoch }) => epoch === own?.epoch)?.epoch ?? Number.POSITIVE_INFINITY;
  return epochs.filter(
    ({ at, epoch }, index) =>
      at <= end && epoch <= last && (epochs[index + 1]?.at ?? Number.POSITIVE_INFINITY) > span.from,
  );
}

/** Who may report. */
export function assigned(story: Story, span: RoundSeen): Attempt[] {
  const { round } = span;
  const epochs = epochsIn(story, span);
  if (epochs.length === 0)
    return [
      {
        round,
        kind: "assign",
        state: "failed",
        reason: `nobody serves domain ${story.terms.domain}: no provider may report`,
        at: span.from,
        restsOn: byClock(span.from),
      },
    ];
  return epochs.map(({ epoch, seats, at, transaction }) => ({
    round,
    kind: "assign",
    state: seats.length === 0 ? "failed" : "done",
    reason: `${several(seats.length, "seat")} of epoch ${epoch} may report`,
    at: Math.max(at, span.from),
    restsOn: byTransaction(transaction),
  }));
}

/** Who read the sources, and who could not and why. */
export function observed(story: Story, span: RoundSeen): Attempt[] {
  const { round } = span;
  const seats = epochsIn(story, span).at(-1)?.seats ?? [];
  if (seats.length === 0) return [];
  const reports = story.reports.filter((report) => report.round === round);
  const abstentions = story.abstentions.filter((abstention) => abstention.round === round);
  const seated = new Map(seats.map(({ signer }, seat) => [signer.toLowerCase(), seat]));
  const told = new Set(reports.map(({ signer }) => signer.toLowerCase()).filter((each) => seated.has(each)));
  const unable = new Set(
    abstentions
      .map(({ signer }) => signer.toLowerCase())
      .filter((each) => seated.has(each) && !told.has(each)),
  );
  const silent = seats.length - told.size - unable.size;
  const parts = [
    `${told.size} of ${several(seats.length, "seat")} read a value`,
    ...(unable.size > 0 ? [`${unable.size} could not`] : []),
    ...(silent > 0 ? [`${silent} said nothing`] : []),
  ];
  const isAnswered = story.answer?.round === round || span.reopenedIn !== null;
  const times = [...reports.map(({ receivedAt }) => receivedAt), ...abstentions.map(({ at }) => at)];
  return [
    ...abstentions.map(({ signer, reason, at, signature }): Attempt => {
      const seat = seated.get(signer.toLowerCase());
      const who = seat === undefined ? short(signer) : `seat ${seat}, ${short(signer)},`;
      const hasTold = told.has(signer.toLowerCase());
      const telling = isRunning(story, span) && !isAnswered;
      return {
        round,
        kind: "observe",
        // It looks again while the round takes reports, and others may do without it: nothing has failed yet.
        state: hasTold ? "done" : telling ? "waiting" : "failed",
        reason: `${who} could not tell${hasTold ? " at first" : telling ? " yet" : ""}: ${reason}`,
        at,
        restsOn: { what: "signatures", ref: signature },
      };
    }),
    {
      round,
      kind: "observe",
      state:
        isAnswered || silent + unable.size === 0 ? "done" : isRunning(story, span) ? "waiting" : "failed",
      reason: parts.join(", "),
      at: Math.max(span.from, ...times),
      restsOn: bySignatures(told.size + unable.size),
    },
  ];
}

const isRunning = ({ status }: Story, span: RoundSeen): boolean => span.until === null && status === "open";

/** What weight came together, and what became of it. */
export function reported(story: Story, span: RoundSeen): Attempt[] {
  const epochs = epochsIn(story, span);
  const last = epochs.at(-1);
  return epochs.flatMap((set) => {
    const reports = story.reports.filter(({ round, epoch }) => round === span.round && epoch === set.epoch);
    const weight = reports.reduce((sum, report) => sum + report.weight, 0n);
    const base = `${reports.length} of ${several(set.seats.length, "seat")}, ${percentOf(weight, set.totalWeight)} of the weight`;
    const at = Math.max(set.at, span.from, ...reports.map(({ receivedAt }) => receivedAt));
    const common = { round: span.round, kind: "report", at, restsOn: bySignatures(reports.length) } as const;
    if (set === last) return [{ ...common, ...outcomeOf(story, span, set, base, weight) }];
    // An epoch in which nobody got to report says nothing.
    return reports.length === 0
      ? []
      : [
          {
            ...common,
            state: "failed" as const,
            reason: `${base} in epoch ${set.epoch}; then another epoch began, and what was signed before counts no more`,
          },
        ];
  });
}

type Outcome = Pick<Attempt, "state" | "reason"> & Partial<Pick<Attempt, "at" | "restsOn">>;

function outcomeOf(story: Story, span: RoundSeen, set: EpochSeen, base: string, weight: bigint): Outcome {
  const { answer, transmission, now } = story;
  const opensAt = span.opensAt ?? span.from;
  if (answer?.round === span.round) {
    const proof = answer.transaction === null ? {} : { restsOn: byTransaction(answer.transaction) };
    const accepted =
      answer.at < opensAt
        ? "it ended early, and the contract accepted nine tenths"
        : "the contract accepted a quorum";
    return { state: "done", reason: `${base}: ${accepted}`, at: answer.at, ...proof };
  }
  if (span.until !== null) {
    const proof = span.reopenedIn === null ? {} : { restsOn: byTransaction(span.reopenedIn) };
    return {
      state: "done",
      reason: `${base}: it was too early, and the question opened again`,
      at: span.until,
      ...proof,
    };
  }
  const silence = story.disputes.find((dispute) => dispute.isSilence && dispute.round === span.round);
  if (silence)
    return {
      state: "failed",
      reason: `${base} when somebody objected to the silence; ${WANTED} was wanted`,
      at: silence.at,
      restsOn: byTransaction(silence.transaction),
    };
  if (story.status !== "open")
    return {
      state: "failed",
      reason: `${base} by the deadline; ${WANTED} was wanted${hasQuorum(weight, set.totalWeight) ? " behind one answer" : ""}`,
      at: story.terms.deadline,
    };
  if (now < opensAt && !hasEarlyQuorum(weight, set.totalWeight))
    return {
      state: "waiting",
      reason: `${base} say that it ended early; ${WANTED_EARLY} is wanted before it opens, ${WANTED} from then on`,
    };
  if (!hasQuorum(weight, set.totalWeight))
    return { state: "waiting", reason: `${base}; ${WANTED} is wanted` };
  const sent =
    transmission?.round === span.round && transmission.epoch === set.epoch ? transmission : undefined;
  if (!sent) return { state: "waiting", reason: `${base}; no answer has ${WANTED} behind it yet` };
  return sent.status === "failed"
    ? { state: "failed", reason: `${base}; the contract refused the answer: ${sent.error ?? "it reverted"}` }
    : { state: "waiting", reason: `${base}; the answer is on its way to the contract` };
}

/** Epochs that began because no quorum was in sight, as the logs tell them; and what this server decided besides. */
export function extended(story: Story, span: RoundSeen): Attempt[] {
  const { round } = span;
  const point = extendFrom({ notBefore: span.opensAt ?? span.from, deadline: story.terms.deadline });
  const records = story.records
    .filter((record) => record.kind === "extend" && record.round === round)
    .map((record): Attempt => ({
      round,
      kind: record.kind,
      state: stateOf(story, record),
      reason: record.reason,
      at: record.at,
      restsOn: { what: "block", ref: String(record.block) },
    }));
  const epochs = epochsIn(story, span);
  const begun = epochs.flatMap((set, index): Attempt[] => {
    const before = epochs[index - 1];
    if (!before || set.at < point) return [];
    const isThen = (said: { round: number; receivedAt: number }) =>
      said.round === round && said.receivedAt < set.at;
    const committed = (story.commits?.commitments ?? []).filter(isThen);
    const seats = new Map(
      [...committed, ...story.reports.filter(isThen)].map((said) => [`${said.epoch} ${said.seat}`, said]),
    );
    if (isInSight([...seats.values()], before)) return [];
    const old = new Set(before.seats.map(({ signer }) => signer));
    const entered = set.seats.filter(({ signer }) => !old.has(signer)).length;
    return [
      {
        round,
        kind: "extend",
        state: "done",
        reason: `epoch ${set.epoch} seats ${several(set.seats.length, "provider")}, ${entered} of them new`,
        at: set.at,
        restsOn: byTransaction(set.transaction),
      },
    ];
  });
  return [...records, ...begun];
}
