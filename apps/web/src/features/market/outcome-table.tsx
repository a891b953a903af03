import { t } from "@lingui/core/macro";
import type { Market } from "../../api.ts";
import { Amount } from "../../components/figures.tsx";
import { CheckIcon } from "../../components/icons.tsx";
import { formatMultiple, formatShare } from "../../format/amount.ts";
import { seriesColor } from "../../format/series.ts";
import { useNetwork } from "../../shell/use-network.ts";
import { inReadingOrder } from "./pool-bar.tsx";
import { sayAnswer } from "../../languages/answer-words.ts";

/** Every outcome with its pool, its share and what it pays. */
export function OutcomeTable({
  market,
  onPick,
}: {
  market: Market;
  onPick: ((outcome: number) => void) | undefined;
}) {
  const { collateral } = useNetwork();
  const { kind } = market.question.schema;
  return (
    <table className="w-full text-right">
      <caption className="sr-only">{t`Pools of the outcomes`}</caption>
      <thead className="label">
        <tr>
          <th scope="col" className="w-full pb-2 text-left font-semibold">
            {t`Outcome`}
          </th>
          <th scope="col" className="pb-2 font-semibold">
            {t`Odds`}
          </th>
          <th scope="col" className="pb-2 pl-3 font-semibold">
            {t`Pays`}
          </th>
          <th scope="col" className="pb-2 pl-3 font-semibold max-sm:hidden">
            {t`Pool`}
          </th>
        </tr>
      </thead>
      <tbody>
        {inReadingOrder(market).map(({ index, label, pool, shareBps, paysBps }) => (
          <tr key={index} className="border-t border-rule">
            <th scope="row" className="py-2.5 pr-3 text-left font-semibold">
              <span className="flex items-center gap-2">
                {onPick ? (
                  <button
                    type="button"
                    className="text-left underline decoration-rule-2 underline-offset-4 hover:text-accent"
                    onClick={() => onPick(index)}
                  >
                    {sayAnswer(label)}
                  </button>
                ) : (
                  sayAnswer(label)
                )}
                {market.winner === index && (
                  <span className="inline-flex items-center gap-1 rounded-full bg-wash px-2 text-xs text-accent">
                    <CheckIcon /> {t`won`}
                  </span>
                )}
              </span>
              <span className="mt-1.5 block h-1 rounded-full bg-sunken" aria-hidden="true">
                <span
                  className="block h-full rounded-full transition-[width] duration-500"
                  style={{
                    width: `${shareBps / 100}%`,
                    background: seriesColor(kind, index, market.outcomes.length),
                  }}
                />
              </span>
            </th>
            <td className="num min-w-20 py-2.5 align-top text-lg font-bold">
              {market.volume === "0" ? "–" : formatShare(shareBps)}
            </td>
            <td className="num min-w-20 py-2.5 pl-3 align-top text-ink-2">
              {paysBps === null ? "–" : formatMultiple(paysBps)}
            </td>
            <td className="min-w-28 py-2.5 pl-3 align-top text-ink-2 max-sm:hidden">
              <Amount value={pool} decimals={collateral.decimals} short />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
