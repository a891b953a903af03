import { t } from "@lingui/core/macro";
import { useQuery } from "@tanstack/react-query";
import type { OpinionMarket } from "../../api.ts";
import { LineChart } from "../../charts/line-chart.tsx";
import { useNow } from "../../clock.ts";
import { Failure, Skeleton } from "../../components/states.tsx";
import { formatAmount } from "../../format/amount.ts";
import { formatShort } from "../../format/signs.ts";
import { opinionHistoryQuery } from "../../queries.ts";
import { useNetwork } from "../../shell/use-network.ts";

const HUNDREDTHS = 100;

/** Where the stakes stood on average, and how much was staked, from the first stake until closing, or now. */
export function OpinionHistory({ market }: { market: OpinionMarket }) {
  const { collateral } = useNetwork();
  const now = useNow();
  const history = useQuery(opinionHistoryQuery(market.id));
  if (history.isPending) return <Skeleton lines={5} />;
  if (history.error && !history.data)
    return <Failure error={history.error} retry={() => void history.refetch()} />;
  // Of one second the last is what stood.
  const points = [...new Map((history.data ?? []).map((point) => [point.at, point])).values()];
  if (points.length === 0) return <p className="text-ink-3">{t`None yet.`}</p>;
  const until = Math.min(now, market.revealsUntil);
  const told = points.flatMap(({ at, crowd }) =>
    crowd === null ? [] : [{ at, value: crowd / HUNDREDTHS, text: formatAmount(BigInt(crowd), 2) }],
  );
  const whole = (units: string) => Number(units) / 10 ** collateral.decimals;
  const staked = points.map(({ at, staked: units }) => ({
    at,
    value: whole(units),
    text: `${formatAmount(BigInt(units), collateral.decimals)} ${collateral.symbol}`,
  }));
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-6 sm:grid-cols-2">
      {told.length > 0 && (
        <div>
          <p className="mb-1 text-sm font-semibold">{t`Mean stance by stake`}</p>
          <LineChart name={t`Mean stance by stake`} points={told} until={until} max={100} format={String} />
        </div>
      )}
      <div>
        <p className="mb-1 text-sm font-semibold">{t`Staked`}</p>
        <LineChart
          name={t`Staked`}
          points={staked}
          until={until}
          max={Math.max(...staked.map(({ value }) => value))}
          format={formatShort}
        />
      </div>
    </div>
  );
}
