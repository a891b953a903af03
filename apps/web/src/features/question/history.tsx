import type { QuestionDetail } from "../../api.ts";
import { Hash } from "../../components/hash.tsx";
import { formatAbsolute } from "../../format/time.ts";

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
