import type { Hex } from "@sooth/kernel";
import { alert, counter, gauge, type Logger } from "@sooth/runtime";
import {
  areFixed,
  catchRecord,
  firstLook,
  plantControl,
  plantError,
  seedOf,
  type Shadow,
  type WatchFinding,
} from "../../core/index.ts";
import type { WatchedAnswer } from "./run-watcher.ts";

const shadowsSeen = counter(
  "oracle_watcher_shadows_total",
  "Answers planted among those that a watcher looks at",
  ["outcome"],
);
const rate = gauge(
  "oracle_watcher_catch_bps",
  "Of the last planted errors those that the watcher caught, less its alarms about right answers",
);
alert({
  id: "oracle.watcher_misses",
  severity: "ticket",
  forSeconds: 0,
  when: `increase(${shadowsSeen.metric}{outcome="missed"}[1d]) > 0`,
  runbook: "docs/runbooks/oracle.md#a-watcher-missed-what-was-planted",
});

/** Right answers between two that are planted: a tenth more to read. */
const EVERY = 10;
/** Of so many planted ones one is right: who always cries would otherwise pass. */
const CONTROL = 5;
/** Milliseconds for which one is looked at; sources that are away say nothing about the watcher. */
const PATIENCE_MS = 600_000;
/** Concluded ones that the rate is of. */
const REMEMBERED = 100;

/**
 * Examines one watcher with errors that are planted among the answers which it looks at, made of answers that it found right. It
 * goes the same way with them as with any other; what it finds ends here, and is told to nobody.
 * @param secret seeds what is planted
 */
export function examination({ secret, log }: { secret: Hex; log: Logger }) {
  const open = new Map<Hex, { shadow: Shadow; round: number; until: number }>();
  let concluded: { shadow: Shadow; finding: WatchFinding | null }[] = [];
  let [right, planted] = [0, 0];

  const conclude = (shadow: Shadow, finding: WatchFinding | null): void => {
    open.delete(shadow.question);
    concluded = [...concluded, { shadow, finding }].slice(-REMEMBERED);
    const { caught, falseAlarms } = catchRecord([shadow], finding === null ? [] : [finding]);
    const isError = shadow.shown !== shadow.right;
    const outcome = isError ? (caught ? "caught" : "missed") : falseAlarms ? "false_alarm" : "left_alone";
    shadowsSeen.inc({ outcome });
    const record = catchRecord(
      concluded.map((one) => one.shadow),
      concluded.flatMap((one) => one.finding ?? []),
    );
    rate.set(record.rate);
    log[outcome === "missed" || outcome === "false_alarm" ? "warn" : "info"](
      { outcome, shown: shadow.shown, right: shadow.right, found: finding?.expected, ...record },
      "a planted answer was looked at",
    );
  };

  const plant = ({ schema, terms, value, round }: WatchedAnswer, now: number): void => {
    const seed = seedOf(secret, planted);
    const known = { schema, terms, right: value };
    const shadow = planted % CONTROL === CONTROL - 1 ? plantControl(known, seed) : plantError(known, seed);
    planted += 1;
    if (shadow !== null) open.set(shadow.question, { shadow, round, until: now + PATIENCE_MS });
  };

  return {
    isPlanted: (question: Hex): boolean => open.has(question),
    /** These and what is planted among them. `now`: this machine's clock. */
    among: (answers: readonly WatchedAnswer[], now: number): WatchedAnswer[] => {
      for (const [question, { until }] of open)
        if (until <= now) {
          open.delete(question);
          shadowsSeen.inc({ outcome: "untold" });
        }
      const shadows = [...open.values()].map(({ shadow: { question, schema, terms, shown }, round }) => ({
        question,
        schema,
        terms,
        value: shown,
        round,
      }));
      return [...answers, ...shadows];
    },
    /** An answer was found right. */
    onRight: (answer: WatchedAnswer, now: number): void => {
      const held = open.get(answer.question);
      if (held) return conclude(held.shadow, null);
      // What moves could be right a moment ago, and be none now.
      if (!areFixed(answer.schema, firstLook(answer.terms, answer.schema))) return;
      right += 1;
      if (right % EVERY === 0) plant(answer, now);
    },
    /** An answer was found wrong. False when it is none of the planted. */
    onWrong: (finding: WatchFinding): boolean => {
      const held = open.get(finding.question);
      if (held) conclude(held.shadow, finding);
      return held !== undefined;
    },
  };
}
