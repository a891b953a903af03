import { useNow } from "../clock.ts";
import { formatAbsolute, formatDuration, formatRelative, isoOf } from "../format/time.ts";

/** `5 min ago`, with the moment itself in the title. */
export function TimeAgo({ at, className }: { at: number; className?: string }) {
  const now = useNow();
  return (
    <time
      dateTime={isoOf(at)}
      title={formatAbsolute(at)}
      className={`num whitespace-nowrap ${className ?? ""}`}
    >
      {formatRelative(at, now)}
    </time>
  );
}

/** Time left until `at` by the chain's clock; `past` is shown from then on. */
export function Countdown({ at, past, className }: { at: number; past: string; className?: string }) {
  const now = useNow();
  return (
    <time
      dateTime={isoOf(at)}
      title={formatAbsolute(at)}
      className={`num whitespace-nowrap ${className ?? ""}`}
    >
      {now < at ? formatDuration(at - now) : past}
    </time>
  );
}
