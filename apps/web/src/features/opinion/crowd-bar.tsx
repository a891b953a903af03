import { t } from "@lingui/core/macro";
import type { OpinionMarket } from "../../api.ts";
import { MeasuredShort } from "./measured-note.tsx";
import { stanceColor, stanceWords } from "./stance.ts";

/** Where a market stands on the scale from against to for: its score, or before that the mean of the stakes. */
export function CrowdBar({
  market,
}: {
  market: Pick<OpinionMarket, "result" | "crowd" | "hidden" | "opinions">;
}) {
  const { result, crowd } = market;
  const place = result ? result.score : crowd === null ? null : Math.round(crowd / 100);
  if (place === null)
    return (
      <p className="text-sm text-ink-3">
        {market.opinions === 0 ? t`No opinions yet` : t`Stances are hidden until it closes`}
      </p>
    );
  return (
    <div>
      <p className="flex items-baseline justify-between gap-3">
        <span className="truncate font-semibold">
          {result ? t`Score` : t`Stakes`}: {stanceWords(place)}
        </span>
        <span className="num text-lg font-bold">{place}</span>
      </p>
      <div className="relative mt-1.5 h-2 rounded-full bg-rule" aria-hidden="true">
        <span
          className="absolute top-1/2 size-3.5 -translate-x-1/2 -translate-y-1/2 rounded-full border-2 border-surface"
          style={{ left: `${place}%`, background: stanceColor(place) }}
        />
      </div>
      {result && <MeasuredShort />}
    </div>
  );
}
