import { Trans } from "@lingui/react/macro";
import { MEASURED } from "@sooth/markets/core";
import { formatShare } from "../../format/amount.ts";
import { signs } from "../../format/signs.ts";

/** The same in short, for rows of lists: what stands on the market's own page says the rest. */
export function MeasuredShort() {
  return (
    <p className="mt-1.5 text-xs text-ink-3">
      <Trans>Measured: its analyst names the right side of {formatShare(MEASURED.stance * 10_000)}</Trans>
    </p>
  );
}

/** How right the analyst was where people had judged too: stands wherever its scores and labels do. */
export function MeasuredNote({ className = "" }: { className?: string }) {
  const right = formatShare(MEASURED.stance * 10_000);
  const commoner = formatShare(MEASURED.majority * 10_000);
  const quality = MEASURED.quality.toFixed(2).replace(".", signs().decimal);
  return (
    <p className={`text-sm text-ink-2 ${className}`}>
      <Trans>
        Measured on opinions that it never saw, the analyst that every provider has by itself names the right
        side of {right}; always naming the commoner side does of {commoner}. Its quality goes along with
        people’s with a correlation of {quality}, where 1 would be the same order.
      </Trans>
    </p>
  );
}
