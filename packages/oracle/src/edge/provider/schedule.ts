import { ascending, type Hex } from "@sooth/kernel";
import { itemSchema, type QuestionSchema, type Source, type Terms } from "../../core/index.ts";
import type { KnownQuestion } from "./chain-view.ts";
import { pluginOf, type SourceTools } from "./sources/index.ts";

/** Where a question stands with this provider. Pauses are by this machine's clock, `from` is chain time. */
export type Progress = {
  /** Enough of its sources may be read here to stand behind a value. */
  readonly readable: boolean;
  /** That fewer may be read was said, where it is so. */
  isRefused: boolean;
  busy: boolean;
  /** Changes of the question that were seen. */
  changes: number;
  /** In which this round was reported. */
  epoch: number | null;
  /** Nothing more is signed in this round. */
  abandoned: boolean;
  failures: number;
  triedAt: number;
  pausedUntil: number;
  from: number;
};

const FIRST_PAUSE_MS = 1_000;

/** How long to leave alone what failed `failures` times before: a second, then twice as long each time. */
export const pauseAfter = (failures: number, longestMs: number): number =>
  Math.min(longestMs, FIRST_PAUSE_MS * 2 ** failures);

export const newProgress = (question: KnownQuestion, tools: SourceTools): Progress => ({
  readable: isReadable(question, tools),
  isRefused: false,
  busy: false,
  changes: 0,
  epoch: null,
  abandoned: false,
  failures: 0,
  triedAt: Number.NEGATIVE_INFINITY,
  pausedUntil: 0,
  from: 0,
});

/**
 * A value needs more than half of the sources, or the first where the first decides, of these or of the secondary ones, so
 * a question where fewer may be read is never worth a try.
 */
export function isReadable(
  question: { schema: QuestionSchema; terms: Pick<Terms, "min" | "max"> },
  tools: SourceTools,
): boolean {
  const schema = question.schema.items ? itemSchema(question.schema, 0) : question.schema;
  const mayRead = (source: Source) =>
    pluginOf(source).refusal(source, { schema, terms: question.terms }, tools) === null;
  const isEnough = (sources: readonly Source[]) =>
    schema.order === "first"
      ? sources.slice(0, 1).every(mayRead)
      : 2 * sources.filter(mayRead).length > sources.length;
  return isEnough(schema.sources) || (schema.secondary !== undefined && isEnough(schema.secondary));
}

/** The current epoch of each domain, chain time, this machine's clock. */
export type Moment = { epochs: ReadonlyMap<number, number>; chain: number; machine: number };

/**
 * Which questions to try now, at most `room`. Anybody may ask any number of questions: those that failed least come
 * first, then those that waited longest, then those whose deadline is near, so that questions which never answer
 * cannot hold up the others.
 */
export function chooseNext(
  opened: readonly KnownQuestion[],
  progress: ReadonlyMap<Hex, Progress>,
  now: Moment,
  room: number,
): KnownQuestion[] {
  if (room <= 0) return [];
  return opened
    .flatMap((question) => {
      const known = progress.get(question.id);
      return known && isDue(known, now.epochs.get(question.terms.domain) ?? 0, now)
        ? [{ question, known }]
        : [];
    })
    .toSorted(
      (a, b) =>
        a.known.failures - b.known.failures ||
        ascending(a.known.triedAt, b.known.triedAt) ||
        a.question.terms.deadline - b.question.terms.deadline,
    )
    .slice(0, room)
    .map(({ question }) => question);
}

const isDue = (known: Progress, epoch: number, now: Moment): boolean =>
  known.readable &&
  !known.busy &&
  !known.abandoned &&
  known.epoch !== epoch &&
  known.from <= now.chain &&
  known.pausedUntil <= now.machine;
