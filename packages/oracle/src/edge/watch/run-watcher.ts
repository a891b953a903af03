import { setTimeout as delay } from "node:timers/promises";
import { type Hex, need } from "@sooth/kernel";
import { alert, counter, type Logger } from "@sooth/runtime";
import {
  evidenceHash,
  evidenceText,
  judgeAnswer,
  lateFrom,
  type QuestionSchema,
  type Terms,
  type WatchFinding,
} from "../../core/index.ts";
import { bundleOf, observe } from "../provider/observe.ts";
import { pauseAfter } from "../provider/schedule.ts";
import type { SourceTools } from "../provider/sources/index.ts";

const checks = counter("oracle_watcher_checks_total", "Answers that a watcher looked at", ["verdict"]);
alert({
  id: "oracle.watcher_contradicts",
  severity: "page",
  forSeconds: 0,
  when: `increase(${checks.metric}{verdict="wrong"}[1h]) > 0`,
  runbook: "docs/runbooks/oracle.md#a-watcher-contradicts-an-answer",
});

/** An answer that is to be looked at. Real ones and shadows look alike. */
export type WatchedAnswer = {
  question: Hex;
  schema: QuestionSchema;
  terms: Terms;
  value: bigint;
  round: number;
};

export type WatcherOptions = {
  /** All answers that may be looked at now. What is no longer among them is forgotten. */
  answers: () => Promise<readonly WatchedAnswer[]>;
  /** What it reads with: its own origins, chains and model, independent of who answered. */
  tools: Omit<SourceTools, "signal">;
  /** Chain time; unix seconds. */
  now: () => Promise<number>;
  /** Names its evidence. */
  watcher: Hex;
  chainId: number;
  /**
   * Told once of each wrong answer, with the text that hashes to `finding.evidence`; again when it throws. What follows,
   * a dispute or a row, is up to it.
   */
  onWrong: (finding: WatchFinding, evidence: string, answer: WatchedAnswer) => Promise<void>;
  /** Told of each answer that its own reading bears out. */
  onRight?: (answer: WatchedAnswer) => void;
  /** Whether an answer was planted to examine the watcher: then what it finds is no news. */
  isPlanted?: (question: Hex) => boolean;
  pollMs: number;
  signal: AbortSignal;
  log: Logger;
};

/** Answers looked at at once. */
const AT_ONCE = 4;
const LONGEST_PAUSE_MS = 60_000;

type Look = { done: boolean; failures: number; notBefore: number };

/**
 * A watcher: reads the sources of every answer itself and tells of those that its own reading contradicts. It keeps
 * nothing but which answers it has looked at, and asks again where it could not tell. Runs until `signal` aborts.
 */
export async function runWatcher(options: WatcherOptions): Promise<void> {
  const { signal, log } = options;
  let looks = new Map<string, Look>();
  while (!signal.aborted) {
    try {
      const answers = await options.answers();
      const known = new Map(answers.map((answer) => [keyOf(answer), answer]));
      looks = new Map(
        [...known.keys()].map((key) => [key, looks.get(key) ?? { done: false, failures: 0, notBefore: 0 }]),
      );
      const due = [...looks].filter(([, look]) => !look.done && look.notBefore <= performance.now());
      // Those that failed least come first: sources that never answer cannot hold up the others.
      const next = due.toSorted(([, a], [, b]) => a.failures - b.failures).slice(0, AT_ONCE);
      await Promise.all(
        next.map(([key, look]) => lookAt(options, need(known.get(key), "an answer that was listed"), look)),
      );
      if (next.length > 0 && due.length > next.length) continue;
    } catch (error) {
      if (!signal.aborted) log.warn({ err: error }, "the watcher cannot see the answers now");
    }
    await delay(options.pollMs, undefined, { signal }).catch(() => undefined);
  }
}

/** A question answered again, or otherwise, is looked at again. */
const keyOf = ({ question, value, round }: WatchedAnswer): string => `${question}:${round}:${value}`;

async function lookAt(options: WatcherOptions, answer: WatchedAnswer, look: Look): Promise<void> {
  const { log, signal } = options;
  const { question, value: got, schema, terms, round } = answer;
  try {
    const now = await options.now();
    // Whether a provider could read what comes first, nobody can tell afterwards: the watcher passes over nothing.
    const late = schema.order !== "first" && now >= lateFrom(terms);
    const { finding, sources } = await observe(
      { question, schema },
      terms,
      now,
      { ...options.tools, signal },
      late,
    );
    if (signal.aborted) return;
    const judged = judgeAnswer(got, terms, finding);
    const isPlanted = options.isPlanted?.(question) ?? false;
    if (!isPlanted) checks.inc({ verdict: judged.verdict });
    if (judged.verdict === "right") {
      look.done = true;
      options.onRight?.(answer);
      return;
    }
    if (judged.verdict === "wrong" && finding.do === "sign") {
      const head = { chainId: options.chainId, question, round, provider: options.watcher };
      const text = evidenceText(bundleOf(head, finding, sources));
      const { expected, severity } = judged;
      if (!isPlanted)
        log.error({ question, expected, got, severity }, "an answer is not what its sources say");
      await options.onWrong(
        { question, expected, got, evidence: evidenceHash(text), severity },
        text,
        answer,
      );
      look.done = true;
      return;
    }
    if (judged.verdict === "unknown") log.info({ question, why: judged.why }, "looks again later");
  } catch (error) {
    if (signal.aborted) return;
    log.warn({ err: error, question }, "a look at an answer failed");
  }
  look.notBefore = performance.now() + pauseAfter(look.failures, LONGEST_PAUSE_MS);
  look.failures += 1;
}
