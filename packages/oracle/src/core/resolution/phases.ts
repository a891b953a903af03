import { openFrom, pieceAt, revealFrom } from "../commit/phase.ts";
import { dateOf, percentOf, several } from "../figures.ts";
import {
  type Attempt,
  bySignatures,
  byTransaction,
  type CommitSeen,
  type CommitsSeen,
  type EpochSeen,
  type RoundSeen,
  type Story,
} from "./attempt.ts";

type Phase = { number: number; epoch: EpochSeen; commits: CommitsSeen; held: readonly CommitSeen[] };

/** What became of each phase in which somebody committed: of the commitments, and of the values behind them. */
export function phases(story: Story, span: RoundSeen): Attempt[] {
  const { commits, epochs } = story;
  if (commits === null) return [];
  const ofRound = commits.commitments.filter(({ round }) => round === span.round);
  const names = [...new Set(ofRound.map(({ phase, epoch }) => `${phase} ${epoch}`))];
  return names.flatMap((name) => {
    const [number = 0, id = 0] = name.split(" ").map(Number);
    const epoch = epochs.find((each) => each.epoch === id);
    const held = ofRound.filter((each) => each.phase === number && each.epoch === id);
    if (!epoch) return [];
    const phase = { number, epoch, commits, held };
    return [committed(story, span, phase), ...revealed(story, span, phase)];
  });
}

const postsOf = ({ number, epoch, commits }: Phase, { round }: RoundSeen) =>
  commits.batches.flatMap((batch) =>
    batch.phase === number && batch.epoch === epoch.epoch && batch.round === round && batch.posted
      ? [{ ...batch, posted: batch.posted }]
      : [],
  );

function committed(story: Story, span: RoundSeen, phase: Phase): Attempt {
  const { held, epoch, number, commits } = phase;
  const weight = held.reduce((sum, each) => sum + each.weight, 0n);
  const base = `${held.length} of ${several(epoch.seats.length, "seat")}, ${percentOf(weight, epoch.totalWeight)} of the weight, committed in phase ${number}`;
  const at = Math.max(...held.map(({ receivedAt }) => receivedAt));
  const common = { round: span.round, kind: "commit" } as const;
  const [first] = postsOf(phase, span);
  if (first)
    return {
      ...common,
      state: "done",
      reason: `${base}; the chain holds the hash`,
      at: first.posted.at,
      restsOn: byTransaction(first.posted.transaction),
    };
  const piece = pieceAt(story.now, commits.seconds);
  const isRunning = piece.phase === number && piece.committing && story.status === "open";
  return {
    ...common,
    state: isRunning ? "waiting" : "failed",
    reason: isRunning
      ? `${base}; until ${dateOf(piece.until)}`
      : `${base}; no hash was on chain in time, and the next phase begins anew`,
    at: isRunning ? at : revealFrom(number, commits.seconds),
    restsOn: bySignatures(held.length),
  };
}

function revealed(story: Story, span: RoundSeen, phase: Phase): Attempt[] {
  const { epoch, number, commits } = phase;
  const posts = postsOf(phase, span);
  const from = openFrom(number, commits.seconds);
  if (posts.length === 0 || story.now < from) return [];
  const size = Math.max(...posts.map((batch) => batch.size));
  const opened = commits.opened.filter(
    (each) => each.round === span.round && each.epoch === epoch.epoch && each.phase === number,
  ).length;
  const base = `${opened} of ${size} who committed in phase ${number} showed their values`;
  const until = revealFrom(number, commits.seconds) + commits.seconds;
  const common = { round: span.round, kind: "reveal" } as const;
  const { answer } = story;
  if (answer?.round === span.round && answer.at >= from && answer.at < until) {
    const restsOn = answer.transaction === null ? bySignatures(opened) : byTransaction(answer.transaction);
    return [{ ...common, state: "done", reason: base, at: answer.at, restsOn }];
  }
  const isRunning = story.now < until && story.status === "open";
  return [
    {
      ...common,
      state: isRunning ? "waiting" : "failed",
      reason: isRunning ? `${base}; until ${dateOf(until)}` : `${base}; that made no answer in time`,
      at: isRunning ? from : until,
      restsOn: bySignatures(opened),
    },
  ];
}
