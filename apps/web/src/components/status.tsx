import type { Market, Question } from "../api.ts";

type Tone = "live" | "wait" | "done" | "off";
const TONES: Record<Tone, string> = {
  live: "text-accent before:bg-accent",
  wait: "text-gold before:bg-gold",
  done: "text-ink before:bg-ink",
  off: "text-ink-3 before:bg-ink-3",
};
const MARKET: Record<Market["status"], { tone: Tone; text: string }> = {
  trading: { tone: "live", text: "Open for stakes" },
  closed: { tone: "wait", text: "Waiting for the answer" },
  answered: { tone: "wait", text: "Answered, not final yet" },
  settled: { tone: "done", text: "Settled" },
  void: { tone: "off", text: "Void, stakes go back" },
};
const QUESTION: Record<Question["status"], { tone: Tone; text: string }> = {
  open: { tone: "live", text: "Open" },
  answered: { tone: "wait", text: "Answered, not final yet" },
  disputed: { tone: "wait", text: "Disputed" },
  final: { tone: "done", text: "Final" },
  invalid: { tone: "off", text: "Invalid" },
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

export const marketStatusText = (status: Market["status"]): string => MARKET[status].text;
export const MarketStatus = ({ status }: { status: Market["status"] }) => <Status {...MARKET[status]} />;
export const QuestionStatus = ({ status }: { status: Question["status"] }) => (
  <Status {...QUESTION[status]} />
);
