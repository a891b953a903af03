import { i18n, type MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import type { Market, Question } from "../api.ts";

type Tone = "live" | "wait" | "done" | "off";
const TONES: Record<Tone, string> = {
  live: "text-accent before:bg-accent",
  wait: "text-gold before:bg-gold",
  done: "text-ink before:bg-ink",
  off: "text-ink-3 before:bg-ink-3",
};
const MARKET: Record<Market["status"], { tone: Tone; text: MessageDescriptor }> = {
  trading: { tone: "live", text: msg`Open for stakes` },
  closed: { tone: "wait", text: msg`Waiting for the answer` },
  answered: { tone: "wait", text: msg`Answered, not final yet` },
  settled: { tone: "done", text: msg`Settled` },
  void: { tone: "off", text: msg`Void, stakes go back` },
};
const QUESTION: Record<Question["status"], { tone: Tone; text: MessageDescriptor }> = {
  open: { tone: "live", text: msg`Open` },
  answered: { tone: "wait", text: msg`Answered, not final yet` },
  disputed: { tone: "wait", text: msg`Disputed` },
  final: { tone: "done", text: msg`Final` },
  invalid: { tone: "off", text: msg`Invalid` },
};

export function Status({ tone, text }: { tone: Tone; text: string }) {
  return (
    <span
      className={`inline-flex items-center gap-1.5 text-sm font-semibold whitespace-nowrap before:size-2 before:rounded-full ${TONES[tone]}`}
    >
      {text}
    </span>
  );
}

export const marketStatusText = (status: Market["status"]): string => i18n._(MARKET[status].text);
export const MarketStatus = ({ status }: { status: Market["status"] }) => (
  <Status tone={MARKET[status].tone} text={marketStatusText(status)} />
);
export const QuestionStatus = ({ status }: { status: Question["status"] }) => (
  <Status tone={QUESTION[status].tone} text={i18n._(QUESTION[status].text)} />
);
