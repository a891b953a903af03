import type { QuestionDetail } from "../../api.ts";
import { Hash } from "../../components/hash.tsx";
import { formatAbsolute } from "../../format/time.ts";

/** What the asker said about it before it opened, with the times; reports count only for the round after the last. */
export function Clarifications({ question }: { question: QuestionDetail }) {
  return (
    <ol className="grid max-w-[68ch] gap-4" aria-label="Clarifications">
      {question.clarifications.map(({ round, text, at, transaction }) => (
        <li key={round} className="border-l-2 border-gold pl-3">
          <p className="whitespace-pre-wrap" dir="auto">
            {text}
          </p>
          <p className="mt-1 text-sm text-ink-3">
            {formatAbsolute(at)}, in <Hash value={transaction} what="transaction" />
          </p>
        </li>
      ))}
    </ol>
  );
}
