import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { sameAddress } from "@sooth/kernel";
import { DIVISIONS, seasonsBetween } from "@sooth/markets/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import type { League, LeagueAsked } from "../api.ts";
import { SelectField } from "../components/field.tsx";
import { Amount } from "../components/figures.tsx";
import { Hash } from "../components/hash.tsx";
import { PageHead, useTitle } from "../components/page.tsx";
import { Empty, Failure, Skeleton } from "../components/states.tsx";
import { useWallet } from "../features/wallet/wallet-context.tsx";
import { formatDate } from "../format/time.ts";
import { leagueQuery } from "../features/records/queries.ts";
import { useNetwork } from "../shell/use-network.ts";

type Standing = League["items"][number];

/** A month's division: who stands where, who rises, who falls. */
export function LeaguesPage() {
  useTitle(t`Leagues`);
  const asked = useSearch({ from: "/leagues" });
  const own = useWallet().account?.address;
  const league = useQuery(leagueQuery({ ...asked, ...(own !== undefined && { owner: own }) }));
  return (
    <>
      <PageHead title={t`Leagues`}>
        <Trans>
          A season is a month, by UTC. The best fifth of a division rises if it gained, the worst fifth falls
          if it lost. Made from the chain’s logs alone, like the{" "}
          <Link to="/leaderboard" className="underline underline-offset-4">
            leaderboard
          </Link>
          .
        </Trans>
      </PageHead>
      <Filters asked={asked} league={league.data} />
      {league.isPending && <Skeleton lines={6} />}
      {league.error && !league.data && <Failure error={league.error} retry={() => void league.refetch()} />}
      {league.data && <Division league={league.data} own={own} />}
    </>
  );
}

function Division({
  league: { items, own: standing, until, isOver },
  own,
}: {
  league: League;
  own?: string | undefined;
}) {
  const isShown = standing !== null && items.some(({ address }) => address === standing.address);
  return (
    <>
      <p className="mb-3 text-sm text-ink-2">
        {isOver
          ? t`This season is over.`
          : t`This season ends on ${formatDate(until)}. Until then places change.`}
      </p>
      {standing !== null && !isShown && (
        <div className="mb-6">
          <h2 className="mb-1 font-semibold">{t`Where you stand: division ${standing.division}`}</h2>
          <ol className="border-t border-rule">
            <Row standing={standing} own={own} />
          </ol>
        </div>
      )}
      {items.length === 0 ? (
        <Empty
          title={t`Nobody is here yet`}
        >{t`Whoever had a market end in this month is in a division. All begin in the last.`}</Empty>
      ) : (
        <ol className="border-t border-rule" aria-label={t`Division`}>
          {items.map((each) => (
            <Row key={each.address} standing={each} own={own} />
          ))}
        </ol>
      )}
    </>
  );
}

function Row({
  standing: { rank, address, markets, profit, goes },
  own,
}: {
  standing: Standing;
  own?: string | undefined;
}) {
  const { collateral } = useNetwork();
  const moves = { up: t`rises`, stays: t`stays`, down: t`falls` };
  return (
    <li className="grid grid-cols-[2.25rem_minmax(0,1fr)_auto] items-baseline gap-x-3 border-b border-rule py-3">
      <span className="num text-lg font-semibold text-ink-2">{rank}</span>
      <span className="min-w-0">
        <Hash value={address} />
        {own && sameAddress(own as `0x${string}`, address) && (
          <b className="ml-2 text-sm text-accent">{t`you`}</b>
        )}
      </span>
      <span
        className={`text-right text-lg font-semibold ${BigInt(profit) < 0n ? "text-bad" : "text-accent"}`}
      >
        <Amount value={profit} decimals={collateral.decimals} symbol={collateral.symbol} short />
      </span>
      <p className="col-span-2 col-start-2 flex flex-wrap gap-x-4 text-sm text-ink-2">
        <span>
          <Trans>
            <b className="num">{markets}</b> markets
          </Trans>
        </span>
        <span>{moves[goes]}</span>
      </p>
    </li>
  );
}

function Filters({ asked, league }: { asked: LeagueAsked; league: League | undefined }) {
  const navigate = useNavigate({ from: "/leagues" });
  const set = (change: LeagueAsked) =>
    void navigate({ search: (old) => ({ ...old, ...change }), replace: true, resetScroll: false });
  const season = asked.season ?? league?.season ?? "";
  const seasons = league ? seasonsBetween(league.first ?? league.current, league.current) : [];
  const sizeOf = (division: number) =>
    league?.divisions.find((each) => each.division === division)?.size ?? 0;
  return (
    <form
      className="mb-4 grid gap-2 sm:grid-cols-2"
      aria-label={t`What is shown`}
      onSubmit={(event) => event.preventDefault()}
    >
      <SelectField
        label={t`Season`}
        value={season}
        onChange={({ target: { value } }) => set({ season: value })}
      >
        {[...new Set([season, ...seasons])]
          .toSorted()
          .toReversed()
          .map((each) => (
            <option key={each} value={each}>
              {each}
            </option>
          ))}
      </SelectField>
      <SelectField
        label={t`Division`}
        value={String(asked.division ?? DIVISIONS)}
        onChange={({ target: { value } }) => set({ division: Number(value) })}
      >
        {Array.from({ length: DIVISIONS }, (_, index) => index + 1).map((each) => (
          <option key={each} value={each}>
            {t`Division ${each} (${sizeOf(each)})`}
          </option>
        ))}
      </SelectField>
    </form>
  );
}
