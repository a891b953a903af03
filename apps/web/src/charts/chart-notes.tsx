import { t } from "@lingui/core/macro";
import { formatAbsolute, formatMoment, isoOf } from "../format/time.ts";

/** What the numbers above the drawing stand for. */
export function ChartNotes({ notes }: { notes: readonly { at: number; text: string }[] }) {
  if (notes.length === 0) return null;
  return (
    <ol className="mb-2 flex flex-wrap gap-x-5 gap-y-1 text-sm" aria-label={t`What happened meanwhile`}>
      {notes.map(({ at, text }, index) => (
        <li key={`${at} ${text}`} className="flex min-w-0 items-baseline gap-1.5">
          <span className="num font-semibold">{index + 1}.</span>
          <span className="min-w-0 wrap-anywhere">{text}</span>
          <time dateTime={isoOf(at)} title={formatAbsolute(at)} className="num whitespace-nowrap text-ink-3">
            {formatMoment(at)}
          </time>
        </li>
      ))}
    </ol>
  );
}
