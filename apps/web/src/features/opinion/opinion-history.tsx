import { t } from "@lingui/core/macro";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { OpinionMarket } from "../../api.ts";
import { ChartNotes } from "../../charts/chart-notes.tsx";
import { LineChart } from "../../charts/line-chart.tsx";
import { RangeChoice } from "../../charts/range-choice.tsx";
import { pointsIn, rangesOf } from "../../charts/ranges.ts";
import { useNow } from "../../clock.ts";
import { Failure, Skeleton } from "../../components/states.tsx";
import { formatAmount } from "../../format/amount.ts";
import { formatShort } from "../../format/signs.ts";
import { opinionHistoryQuery, questionDisputesQuery, questionQuery } from "../../queries.ts";
import { useNetwork } from "../../shell/use-network.ts";
import { historyNotes } from "./history-notes.ts";

const HUNDREDTHS = 100;

/** Where the stakes stood on average, and how much was staked, from the first stake on, with what happened meanwhile. */
export function OpinionHistory({ market }: { market: OpinionMarket }) {
  const { collateral } = useNetwork();
  const now = useNow();
  const [rangeName, setRangeName] = useState("All");
  const { question, terms, revealsUntil } = market;
  const wasAnswered = question.status !== "open";
  const history = useQuery(opinionHistoryQuery(market.id));
  const detail = useQuery({ ...questionQuery(question.id), enabled: wasAnswered });
  const disputes = useQuery({ ...questionDisputesQuery(question.id), enabled: wasAnswered });
  // All that is drawn comes at once, so that nothing below moves.
  if (history.isPending || detail.isLoading || disputes.isLoading) return <Skeleton lines={5} />;
  if (history.error && !history.data)
    return <Failure error={history.error} retry={() => void history.refetch()} />;
  // Of one second the last is what stood.
  const points = [...new Map((history.data ?? []).map((point) => [point.at, point])).values()];
  const [first, last] = [points[0], points.at(-1)];
  if (!first || !last) return <p className="text-ink-3">{t`None yet.`}</p>;
  const notes = historyNotes(market, detail.data, disputes.data ?? [], now);
  // A stake may be of a block that is later than the page's clock.
  const until = Math.max(Math.min(now, revealsUntil), last.at);
  const staked = Math.min(until, terms.closesAt);
  const ranges = rangesOf({ from: first.at, staked, to: Math.max(until, ...notes.map(({ at }) => at)) });
  const range = ranges.find(({ name }) => name === rangeName) ?? ranges[0];
  const shown = pointsIn(points, range);
  const inRange = notes.filter(({ at }) => at >= range.from && at <= range.to);
  const axis = {
    from: range.from,
    until: Math.min(range.to, Math.max(until, range.from)),
    to: range.to,
    marks: inRange.map(({ at }) => at),
  };
  const told = shown.flatMap(({ at, crowd }) =>
    crowd === null ? [] : [{ at, value: crowd / HUNDREDTHS, text: formatAmount(BigInt(crowd), 2) }],
  );
  const sums = shown.map(({ at, staked: units }) => ({
    at,
    value: Number(units) / 10 ** collateral.decimals,
    text: `${formatAmount(BigInt(units), collateral.decimals)} ${collateral.symbol}`,
  }));
  return (
    <div>
      <div className="mb-3 min-h-9">
        <RangeChoice ranges={ranges} value={range.name} onChange={setRangeName} />
      </div>
      <div className="min-h-7">
        <ChartNotes notes={inRange} />
      </div>
      <div className="grid grid-cols-[minmax(0,1fr)] gap-6 sm:grid-cols-2">
        {told.length > 0 && (
          <div>
            <p className="mb-1 text-sm font-semibold">{t`Mean stance by stake`}</p>
            <LineChart {...axis} name={t`Mean stance by stake`} points={told} max={100} format={String} />
          </div>
        )}
        {sums.length > 0 && (
          <div>
            <p className="mb-1 text-sm font-semibold">{t`Staked`}</p>
            <LineChart
              {...axis}
              name={t`Staked`}
              points={sums}
              max={Math.max(...sums.map(({ value }) => value))}
              format={formatShort}
            />
          </div>
        )}
      </div>
    </div>
  );
}
