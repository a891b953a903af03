import type { Hex } from "@sooth/kernel";
import { counter } from "@sooth/runtime";
import { clarificationChain, firstLook, isInTime } from "../../core/index.ts";
import type { KnownQuestion } from "./chain-view.ts";
import { keepSight, look } from "./look.ts";
import type { Reporter } from "./report-question.ts";
import { isReadable, pauseAfter } from "./schedule.ts";

const looks = counter("oracle_provider_looks_total", "Looks at questions that others report on", ["outcome"]);

/** Questions looked at at once. */
const AT_ONCE = 4;
/** Signers try again as seldom as once a minute. Whoever is to judge them must not miss the second in which they see it. */
const LONGEST_PAUSE_MS = 15_000;
/** Sights whose questions may be over, asked for in one turn. */
const ASKED_AT_ONCE = 4;
/** A dispute takes days: how often the chain is asked whether one is over, in seconds. */
const ASK_AGAIN = 3_600;

type Known = {
  readonly readable: boolean;
  busy: boolean;
  /** Nothing is left to see in this round. */
  done: boolean;
  changes: number;
  /** An answer was seen, after which there is little time. */
  answered: boolean;
  failures: number;
  triedAt: number;
  pausedUntil: number;
};

/**
 * Looks at questions when their signers do, and keeps what it saw: whoever may sit on a jury or report anew must not go by
 * what a source says days later. Who holds a seat looks as he reports, and is left to it.
 */
export function lookDuty(reporter: Reporter, jurorOnly: boolean) {
  const { view, log, reading } = reporter;
  const progress = new Map<Hex, Known>();
  const running = new Set<Promise<void>>();

  const stateOf = (question: KnownQuestion): Known => {
    const [known, changes] = [progress.get(question.id), view.changesOf(question.id)] as const;
    const answered = view.answerOf(question.id) !== undefined;
    if (!known || known.changes !== changes) {
      const readable = known?.readable ?? isReadable(question, reading);
      const again = { done: false, failures: 0, triedAt: 0, pausedUntil: 0 };
      const next = { readable, busy: known?.busy ?? false, changes, answered, ...again };
      progress.set(question.id, next);
      return next;
    }
    if (answered && !known.answered) Object.assign(known, { answered, pausedUntil: 0, failures: 0 });
    return known;
  };

  const attempt = async (question: KnownQuestion, known: Known): Promise<void> => {
    try {
      const outcome = await lookOnce(reporter, question, jurorOnly);
      if (outcome !== "others") looks.inc({ outcome });
      if (outcome === "kept" || outcome === "late") known.done = true;
      else known.pausedUntil = performance.now() + pauseAfter(known.failures, LONGEST_PAUSE_MS);
      if (outcome === "late")
        log.info({ question: question.id }, "its answer was there before this node looked");
    } catch (error) {
      if (reading.signal.aborted) return;
      log.warn({ err: error, question: question.id }, "a look failed, it is tried again");
      known.pausedUntil = performance.now() + pauseAfter(known.failures, LONGEST_PAUSE_MS);
    } finally {
      known.failures += 1;
      known.busy = false;
    }
  };

  /** Fills the free places, and each again as it falls free: waiting for the next turn would let a crowd run out the clock. */
  const start = (): void => {
    if (reading.signal.aborted) return;
    const machine = performance.now();
    const due = view
      .open()
      // Many answers are judged by people: nobody disputes a root by what a program reads.
      .filter(({ terms }) => terms.aggregation !== "root")
      .filter(
        (each) => view.answerOf(each.id) !== undefined || firstLook(each.terms, each.schema) <= view.now,
      )
      .map((question) => ({ question, known: stateOf(question) }))
      .filter(({ known }) => known.readable && !known.busy && !known.done && known.pausedUntil <= machine)
      .toSorted((a, b) => urgency(a, b));
    for (const { question, known } of due.slice(0, Math.max(0, AT_ONCE - running.size))) {
      Object.assign(known, { busy: true, triedAt: machine });
      const one = attempt(question, known).finally(() => {
        running.delete(one);
        start();
      });
      running.add(one);
    }
  };

  return {
    /** Starts what is due. @throws chain.rpc_unreachable */
    tick: async (): Promise<void> => {
      await forgetOld(reporter);
      for (const id of progress.keys()) if (!view.questions.has(id)) progress.delete(id);
      start();
    },
    close: async (): Promise<void> => {
      await Promise.all(running);
    },
  };
}

type Due = { question: KnownQuestion; known: Known };

/**
 * What is answered goes first, there is little time left; then what pays most, or a crowd of questions asked for nothing could
 * keep a node from the one that matters.
 */
function urgency(a: Due, b: Due): number {
  if (a.known.answered !== b.known.answered) return a.known.answered ? -1 : 1;
  const [x, y] = [a.question.terms.reward, b.question.terms.reward];
  if (x !== y) return x > y ? -1 : 1;
  return a.known.failures - b.known.failures || a.known.triedAt - b.known.triedAt;
}

/** Of questions that are final nobody judges anything any more. */
async function forgetOld({ view, disputes, sights }: Reporter): Promise<void> {
  for (const { question } of sights.old(view.now, ASKED_AT_ONCE)) {
    const word = await view.wordOf(question);
    const rest = word.state === "answered" || word.state === "root" ? word.finalizeAt - view.now : 0;
    const isOver =
      word.state === "none" ||
      (word.state === "open" && word.deadline < view.now) ||
      (word.state !== "open" && word.state !== "disputed" && rest < 0 && !disputes.ofQuestion(question));
    if (isOver) sights.forget(question);
    else sights.postpone(question, view.now + Math.max(rest, ASK_AGAIN));
  }
}

/**
 * `kept`: there is a sight of this round. `early`: nothing to be seen yet. `late`: too late to look. `blind`: it cannot be
 * told from here. `others`: this node reports on it.
 */
async function lookOnce(
  reporter: Reporter,
  question: KnownQuestion,
  jurorOnly: boolean,
): Promise<"kept" | "early" | "late" | "blind" | "others"> {
  const { view, sights, account, log } = reporter;
  const { id, terms, schema, clarifications } = question;
  const now = view.now;
  const [word, signers] = await Promise.all([view.wordOf(id), view.signers(terms.domain)]);
  const answer = view.answerOf(id);
  const round = word.state === "open" ? word.round : answer?.round;
  if (round === undefined) return "early";
  if (sights.find(id, round)) return "kept";
  // Nobody can answer it, so that there will be nothing to judge.
  if (signers.seats.length === 0) return "early";
  const clarified = clarificationChain(clarifications.map(({ text }) => text));
  if (word.state === "open") {
    if (Math.max(word.notBefore, firstLook(terms, schema)) > now) return "early";
    const me = account.address.toLowerCase();
    if (!jurorOnly && signers.seats.some(({ signer }) => signer === me)) return "others";
    if (clarified !== (word.clarified?.chain ?? null)) return "early";
  } else if (answer) {
    const { timestamp } = await reporter.hub.client.getBlock({ blockNumber: BigInt(answer.block) });
    if (!isInTime(terms, now, Number(timestamp))) return "late";
  }
  const seen = await look(question, reporter);
  if (await keepSight(reporter, question, { round, clarified, at: seen.at }, seen)) {
    log.info({ question: id, round }, "looked, and kept what it saw");
    return "kept";
  }
  return seen.finding.do === "abstain" ? "blind" : "early";
}
