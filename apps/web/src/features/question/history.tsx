import type { Attempt } from "../../api-disputes.ts";
import type { QuestionDetail } from "../../api.ts";
import { Hash } from "../../components/hash.tsx";
import { TimeAgo } from "../../components/time.tsx";
import { formatAbsolute } from "../../format/time.ts";

const KINDS: Record<Attempt["kind"], string> = {
  assign: "Providers assigned",
  observe: "Sources read",
  report: "Report sent",
  extend: "More time given",
  secondary: "Secondary sources tried",
  rereport: "Reported anew",
  jury: "Handed to a jury",
  invalid: "Given up as invalid",
};
const STATES: Record<Attempt["state"], { text: string; tone: string }> = {
  waiting: { text: "waiting", tone: "text-gold" },
  done: { text: "done", tone: "text-accent" },
  failed: { text: "failed", tone: "text-bad" },
};

/** What was tried to get an answer, and why each try ended as it did. */
export function Attempts({ attempts }: { attempts: readonly Attempt[] }) {
  return (
    <ol className="divide-y divide-rule">
      {attempts.map(({ round, kind, state, reason, at }) => (
        <li
          key={`${round}:${kind}:${state}:${at}:${reason}`}
          className="grid grid-cols-[minmax(0,1fr)_auto] gap-x-4 py-2.5"
        >
          <div className="min-w-0">
            <p>
              <b>{KINDS[kind]}</b>{" "}
              <span className={`text-sm font-semibold ${STATES[state].tone}`}>{STATES[state].text}</span>
            </p>
            {reason !== "" && <p className="text-[0.9375rem] text-ink-2">{reason}</p>}
          </div>
          <p className="text-right text-sm text-ink-3">
            <TimeAgo at={at} />
            <span className="num block">round {round}</span>
          </p>
        </li>
      ))}
    </ol>
  );
}

/** Each time that more than two thirds said it was too early, and the question opened again. */
export function Reopenings({ reopenings }: { reopenings: QuestionDetail["reopenings"] }) {
  return (
    <ol className="divide-y divide-rule">
      {reopenings.map(({ round, notBefore, transaction }) => (
        <li key={round} className="flex flex-wrap items-baseline justify-between gap-x-4 py-2.5">
          <span>
            Round {round - 1} said that it was too early. Round <b className="num">{round}</b> takes reports
            from {formatAbsolute(notBefore)} on.
          </span>
          <span className="text-sm text-ink-3">
            <Hash value={transaction} what="transaction" />
          </span>
        </li>
      ))}
    </ol>
  );
}
