import { formatShort } from "../../format/signs.ts";
import { t } from "@lingui/core/macro";
import { Plural, Trans } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import type { Bucket, WalletRecord as Found } from "../../api.ts";
import { LineChart } from "../../charts/line-chart.tsx";
import { useNow } from "../../clock.ts";
import { Amount, Fact } from "../../components/figures.tsx";
import { Failure, Skeleton } from "../../components/states.tsx";
import { formatReturn, formatShare } from "../../format/amount.ts";
import { formatBrier } from "../../format/brier.ts";
import { walletRecordQuery } from "./queries.ts";
import { useNetwork } from "../../shell/use-network.ts";
import { profitPoints } from "./profit-points.ts";

/** What one wallet's stakes came to in markets that have ended. */
export function WalletRecord({ address }: { address: string }) {
  const record = useQuery(walletRecordQuery(address));
  if (record.error && !record.data)
    return <Failure error={record.error} retry={() => void record.refetch()} />;
  if (!record.data) return <Skeleton lines={4} />;
  if (record.data.markets === 0)
    return (
      <p className="text-[0.9375rem] text-ink-2">
        <Trans>
          No market with a stake of this wallet has ended yet. Then its profit over time, how far its stakes
          were from what came, and how well it knew stand here.
        </Trans>
      </p>
    );
  return <Told record={record.data} />;
}

function Told({ record }: { record: Found }) {
  const { collateral } = useNetwork();
  const now = useNow();
  const { markets, won, forecasts, staked, profit, returnBps, brier, calibration, history, least } = record;
  const wonBps = Math.round((won * 10_000) / Math.max(1, markets));
  const { points, min, max } = profitPoints(history, collateral);
  const money = (value: string) => (
    <Amount value={value} decimals={collateral.decimals} symbol={collateral.symbol} />
  );
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-6">
      <dl className="flex flex-wrap gap-x-8 gap-y-3">
        <Fact label={t`Markets ended`}>{markets}</Fact>
        <Fact label={t`Staked in them`}>{money(staked)}</Fact>
        <Fact label={t`Profit`}>
          <span className={BigInt(profit) < 0n ? "text-bad" : "text-accent"}>{money(profit)}</span>
        </Fact>
        <Fact label={t`Return`}>{returnBps === null ? t`none` : formatReturn(returnBps)}</Fact>
        <Fact label={t`Ended with a profit`}>{markets === 0 ? t`none` : formatShare(wonBps)}</Fact>
        <Fact label={t`Brier score`}>{brier === null ? t`none` : formatBrier(brier)}</Fact>
      </dl>
      <div>
        <p className="mb-1 text-sm font-semibold">{t`Profit over time`}</p>
        <LineChart
          name={t`Profit`}
          points={points}
          until={now}
          min={min}
          max={max}
          format={(value) => formatShort(value).replace("-", "−")}
        />
      </div>
      <div className="grid grid-cols-[minmax(0,1fr)] gap-6 sm:grid-cols-2">
        <Calibration
          name="Pools: how often it won"
          said={t`At the close`}
          came={t`Won`}
          buckets={calibration.pools}
          told={formatShare}
        />
        <Calibration
          name="Opinions: where the score was"
          said={t`Stance`}
          came={t`Score`}
          buckets={calibration.opinions}
          told={(bps) => String(Math.round(bps / 100))}
        />
      </div>
      <HowMade least={least} forecasts={forecasts} />
    </div>
  );
}

/** What was said against what came, a tenth at a time; the mark stands at what was said, the bar ends at what came. */
function Calibration({
  name,
  said,
  came,
  buckets,
  told,
}: {
  name: string;
  said: string;
  came: string;
  buckets: readonly Bucket[];
  told: (bps: number) => string;
}) {
  if (buckets.length === 0) return null;
  return (
    <table className="num h-fit w-full text-right text-sm">
      <caption className="mb-1 text-left font-semibold">{name}</caption>
      <thead>
        <tr className="border-b border-rule text-ink-2">
          <th scope="col" className="py-1 pr-2 text-left font-normal">
            {said}
          </th>
          <th scope="col" className="px-2 py-1 font-normal">
            {t`Times`}
          </th>
          <th scope="col" className="px-2 py-1 font-normal">
            {came}
          </th>
          <td className="w-2/5" />
        </tr>
      </thead>
      <tbody>
        {buckets.map((bucket) => (
          <tr key={bucket.from} className="border-b border-rule">
            <th scope="row" className="py-1.5 pr-2 text-left font-normal">
              {told(bucket.said)}
            </th>
            <td className="px-2 py-1.5">{bucket.count}</td>
            <td className="px-2 py-1.5 font-semibold">{told(bucket.came)}</td>
            <td className="py-1.5 pl-2" aria-hidden="true">
              <span className="relative block h-2 rounded-full bg-sunken">
                <span
                  className="block h-full rounded-full bg-accent"
                  style={{ width: `${bucket.came / 100}%` }}
                />
                <span
                  className="absolute -top-0.5 h-3 w-0.5 bg-ink"
                  style={{ left: `calc(${bucket.said / 100}% - 1px)` }}
                />
              </span>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function HowMade({ least, forecasts }: { least: number; forecasts: number }) {
  return (
    <details className="text-[0.9375rem]">
      <summary className="w-fit text-sm font-semibold text-accent">{t`How these numbers are made`}</summary>
      <div className="mt-2 grid max-w-[68ch] gap-2 text-ink-2">
        <p>
          <Trans>
            From the chain’s logs alone, so that anybody can redo them. A market counts once it has ended with
            a result; void ones give every stake back and do not count.
          </Trans>
        </p>
        <p>
          <Trans>
            <b>Profit</b>: what came back, or can be claimed, prizes too, less what was staked. Fees of
            creators and rewards of judges are not in it.
          </Trans>
        </p>
        <p>
          <Trans>
            <b>Brier score</b>: 0 is all right, 1 all wrong; the mean over {forecasts}{" "}
            <Plural value={forecasts} one="forecast" other="forecasts" />, one a market. In a pool the
            forecast is how the wallet spread its stakes: half the sum of the squares of how far each share
            was from 1, for the outcome that won, or from 0. Of an opinion it is the square of how far the
            stance was from the score, both as parts of 100.
          </Trans>
        </p>
        <p>
          <Trans>
            <b>Calibration</b>, a tenth at a time: in pools the share of all stakes that a backed outcome held
            when the market closed, which is the price that was paid, and how often it won; of opinions the
            stance, and the score. The mark stands at what was said, the bar ends at what came.
          </Trans>
        </p>
        <p>
          <Trans>
            The leaderboard ranks who has {least} or more. One person may have many wallets, and the best of
            many is partly luck.
          </Trans>
        </p>
      </div>
    </details>
  );
}
