import { plural, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { sameAddress } from "@sooth/kernel";
import { ApiError, type ProviderDetail } from "../api.ts";
import { LineChart } from "../charts/line-chart.tsx";
import { useNow } from "../clock.ts";
import { LinkButton } from "../components/button.tsx";
import { Amount, Fact } from "../components/figures.tsx";
import { Hash } from "../components/hash.tsx";
import { Section, useTitle } from "../components/page.tsx";
import { Failure, Skeleton } from "../components/states.tsx";
import { Countdown } from "../components/time.tsx";
import { OwnProvider } from "../features/provider/own-provider.tsx";
import { Served } from "../features/provider/served.tsx";
import { Slashes } from "../features/provider/slashes.tsx";
import { Standings } from "../features/provider/standings.tsx";
import { useWalletNames } from "../features/wallet/use-wallet-names.ts";
import { useWallet } from "../features/wallet/wallet-context.tsx";
import { formatPercent, formatShare } from "../format/amount.ts";
import { shortHex } from "../format/hex.ts";
import { formatAbsolute } from "../format/time.ts";
import { providerQuery } from "../queries.ts";
import { useNetwork } from "../shell/use-network.ts";
import { useMoments } from "../use-moments.ts";
import { NotFoundPage } from "./not-found.tsx";

export function ProviderPage() {
  const { owner } = useParams({ from: "/providers/$owner" });
  const provider = useQuery(providerQuery(owner));
  useTitle(t`Provider ${shortHex(owner)}`);
  if (provider.data) return <ProviderView provider={provider.data} />;
  if (provider.error instanceof ApiError && [400, 404].includes(provider.error.status))
    return (
      <NotFoundPage
        what="provider"
        back={<LinkButton to="/providers" look="primary">{t`All providers`}</LinkButton>}
      />
    );
  if (provider.error) return <Failure error={provider.error} retry={() => void provider.refetch()} />;
  return <Skeleton lines={9} />;
}

function ProviderView({ provider }: { provider: ProviderDetail }) {
  const { collateral } = useNetwork();
  const account = useWallet().account;
  const nameOf = useWalletNames();
  const own = account !== undefined && sameAddress(account.address, provider.owner);
  const now = useNow();
  useMoments([provider.stakeFreeAt], ["providers"]);
  // Epochs before the first seat say nothing of a weight.
  const history = provider.standings
    .map((standing) => ({ ...standing, history: fromFirstSeat(standing.history) }))
    .filter((standing) => standing.history.length > 1);
  return (
    <article className="grid gap-9">
      <header>
        <StateLine provider={provider} />
        <h1 className="question mt-2 text-[1.75rem] break-all sm:text-[2.35rem]">
          {nameOf(provider.owner) ?? t`Provider ${shortHex(provider.owner)}`}
        </h1>
        <dl className="mt-5 grid grid-cols-2 gap-x-8 gap-y-4 sm:flex sm:flex-wrap">
          <Fact label={t`Stake`}>
            <Amount value={provider.stake} decimals={collateral.decimals} symbol={collateral.symbol} />
          </Fact>
          <Fact label={t`In answers`}>{provider.counted}</Fact>
          <Fact label={t`Missed`}>{provider.missed}</Fact>
          <Fact label={t`Too late`}>{provider.late}</Fact>
          <Fact label={t`Earned, not paid out`}>
            <Amount value={provider.credit} decimals={collateral.decimals} symbol={collateral.symbol} />
          </Fact>
          <Fact label={t`Juries`}>{provider.juror ? t`sits on them` : t`does not sit`}</Fact>
        </dl>
      </header>
      {own && <OwnProvider provider={provider} />}
      <div className="grid gap-x-12 gap-y-10 lg:grid-cols-[minmax(0,1fr)_20rem]">
        <div className="grid min-w-0 content-start gap-10">
          <Section
            title={t`Seats and weight`}
            aside={plural(provider.standings.length, { one: "# domain", other: "# domains" })}
          >
            <Standings provider={provider} />
          </Section>
          {history.map((standing) => (
            <Section
              key={standing.domain}
              title={t`Weight in domain ${standing.domain} over time`}
              aside={t`${standing.history.length} epochs`}
            >
              <LineChart
                name={t`Share of all weight`}
                points={standing.history.map(({ at, share }) => ({ at, value: share }))}
                until={now}
                max={5_000}
                format={formatShare}
              />
            </Section>
          ))}
          {provider.standings.map(({ domain, records }) => (
            <Reputation key={domain} domain={domain} records={records} now={now} />
          ))}
          <Section title={t`Answers it could have signed`} aside={t`latest first`}>
            <Served provider={provider} />
          </Section>
          <Section title={t`Slashes`}>
            <Slashes owner={provider.owner} />
          </Section>
        </div>
        <aside className="grid content-start gap-8" aria-label={t`Keys`}>
          <Section title={t`Owner`}>
            <Hash value={provider.owner} />
            <p className="mt-1 text-sm text-ink-3">
              <Trans>joined {formatAbsolute(provider.joinedAt)}</Trans>
            </p>
          </Section>
          <Section title={t`Signing keys`}>
            <ul className="grid gap-2">
              {provider.signers.map((signer) => (
                <li key={signer}>
                  <Hash value={signer} what={t`signing key`} />
                  <span className="text-sm text-ink-3">
                    {sameAddress(signer, provider.signer) ? t`named now` : t`named before, earns still`}
                  </span>
                </li>
              ))}
            </ul>
          </Section>
        </aside>
      </div>
    </article>
  );
}

function fromFirstSeat<T extends { share: number }>(history: readonly T[]): T[] {
  const first = history.findIndex(({ share }) => share > 0);
  return first === -1 ? [] : history.slice(first);
}

function Reputation({
  domain,
  records,
  now,
}: {
  domain: number;
  records: ProviderDetail["standings"][number]["records"];
  now: number;
}) {
  const last = records.at(-1);
  if (!last) return null;
  const { score, factorBps, strikes, suspendedUntil, cluster } = last;
  return (
    <Section title={t`Reputation in domain ${domain}`} aside={t`${score} of 1000`}>
      <LineChart
        name={t`Reputation`}
        points={records.map((record) => ({ at: record.at, value: record.score }))}
        until={now}
        max={1_000}
        format={String}
      />
      <p className="mt-2 text-[0.9375rem] text-ink-2">
        {[
          t`${formatPercent(factorBps)} of the stake counts.`,
          ...(strikes > 0 ? [t`Missed the last ${strikes} in a row.`] : []),
          ...(cluster > 0 ? [t`Counts as one with others of cluster ${cluster}.`] : []),
        ].join(" ")}
        {now < suspendedUntil && (
          <b className="text-bad"> {t`Suspended until ${formatAbsolute(suspendedUntil)}.`}</b>
        )}
      </p>
    </Section>
  );
}

function StateLine({ provider }: { provider: ProviderDetail }) {
  const { state, stakeFreeAt, banned } = provider;
  const seats = provider.standings.filter(({ seat }) => seat !== null).length;
  if (banned) return <p className="text-sm font-semibold text-bad">{t`Banned for ever`}</p>;
  if (state === "withdrawn") return <p className="text-sm font-semibold text-ink-3">{t`Has left`}</p>;
  if (state === "unbonding")
    return (
      <p className="text-sm font-semibold text-gold">
        {stakeFreeAt === null ? (
          t`Leaving, seated until the next epoch`
        ) : (
          <Trans>
            Leaving, stake free in <Countdown at={stakeFreeAt} past={t`no time`} />
          </Trans>
        )}
      </p>
    );
  return (
    <p className={`text-sm font-semibold ${seats > 0 ? "text-accent" : "text-gold"}`}>
      {seats > 0 ? plural(seats, { one: "Holds # seat", other: "Holds # seats" }) : t`Holds no seat yet`}
    </p>
  );
}
