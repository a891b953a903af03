import { i18n } from "@lingui/core";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { Provider } from "../api.ts";
import { SeatBead } from "../components/bead.tsx";
import { LinkButton } from "../components/button.tsx";
import { Amount } from "../components/figures.tsx";
import { Hash } from "../components/hash.tsx";
import { LoadMore, PageHead, Section, useTitle } from "../components/page.tsx";
import { Empty, Failure, Skeleton } from "../components/states.tsx";
import { HEADS } from "../first-pages.ts";
import { Countdown, TimeAgo } from "../components/time.tsx";
import { shortHex } from "../format/hex.ts";
import { useWallet } from "../features/wallet/wallet-context.tsx";
import { joinedQuery, providersQuery } from "../queries.ts";
import { useNetwork } from "../shell/use-network.ts";

export function ProvidersPage() {
  useTitle("Providers");
  const providers = useInfiniteQuery(providersQuery);
  const account = useWallet().account;
  const joined = useQuery({ ...joinedQuery(account?.address ?? ""), enabled: account !== undefined });
  const mine = account && joined.data?.provider;
  const pages = providers.data?.pages ?? [];
  const items = pages.flatMap((page) => page.items).toSorted(bySeat);
  const totalWeight = BigInt(pages[0]?.totalWeight ?? 0);
  const counted = (count: number) => (providers.hasNextPage ? `${count} or more` : `${count}`);
  const here = items.filter(({ state }) => state !== "withdrawn");
  const jurors = here.filter(({ domains, juror, seat }) => juror && domains.length === 0 && seat === null);
  const reporting = here.filter((provider) => !jurors.includes(provider));
  return (
    <>
      <PageHead
        title={i18n._(HEADS.providers.title)}
        action={
          mine ? (
            <LinkButton to="/providers/$owner" params={{ owner: mine.owner }} look="primary">
              Your own page
            </LinkButton>
          ) : (
            <LinkButton to="/join" look="primary">
              Become a provider
            </LinkButton>
          )
        }
      >
        {i18n._(HEADS.providers.about)}
      </PageHead>
      {providers.isPending && <Skeleton lines={6} />}
      {providers.error && <Failure error={providers.error} retry={() => void providers.refetch()} />}
      {providers.data && here.length === 0 && (
        <Empty title="Nobody provides answers here yet">
          Questions stay open until providers have staked.
        </Empty>
      )}
      {reporting.length > 0 && (
        <ProviderTable name="Providers" providers={reporting} totalWeight={totalWeight} />
      )}
      {jurors.length > 0 && (
        <Section className="mt-10" title="Jurors only" aside={counted(jurors.length)}>
          <p className="mb-3 text-[0.9375rem] text-ink-2">
            They serve no domain and report nothing: they may be drawn when an answer is disputed.
          </p>
          <ProviderTable name="Jurors only" providers={jurors} totalWeight={totalWeight} />
        </Section>
      )}
      {items.length > here.length && (
        <details className="mt-6">
          <summary className="w-fit text-sm font-semibold text-accent">
            {counted(items.length - here.length)} who left
          </summary>
          <div className="mt-3">
            <ProviderTable
              name="Who left"
              providers={items.filter(({ state }) => state === "withdrawn")}
              totalWeight={totalWeight}
            />
          </div>
        </details>
      )}
      <LoadMore
        more={providers.hasNextPage}
        busy={providers.isFetchingNextPage}
        onMore={() => void providers.fetchNextPage()}
      />
    </>
  );
}

const bySeat = (a: Provider, b: Provider) => (a.seat ?? Infinity) - (b.seat ?? Infinity);

type Table = { name: string; providers: readonly Provider[]; totalWeight: bigint };

function ProviderTable({ name, providers, totalWeight }: Table) {
  const { collateral } = useNetwork();
  const share = (provider: Provider) =>
    totalWeight === 0n ? 0 : Number((BigInt(provider.weight) * 1_000n) / totalWeight) / 10;
  return (
    <ul className="border-t border-rule" aria-label={name}>
      {providers.map((provider) => (
        <li
          key={provider.owner}
          className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-3 border-b border-rule py-4 md:grid-cols-[auto_minmax(0,1.2fr)_minmax(0,1fr)_minmax(0,1fr)_minmax(0,1fr)]"
        >
          <SeatBead seat={provider.seat} filled={provider.seat !== null} />
          <div className="min-w-0">
            <p className="font-semibold">
              <Link
                to="/providers/$owner"
                params={{ owner: provider.owner }}
                className="num underline decoration-rule-2 underline-offset-4 hover:text-accent"
                title={provider.owner}
              >
                {shortHex(provider.owner)}
              </Link>
            </p>
            <p className="text-sm text-ink-2">
              <StateText provider={provider} />
            </p>
            <p className="text-sm text-ink-3">
              signs as <Hash value={provider.signer} what="signer" />
            </p>
          </div>
          <dl className="col-span-2 grid grid-cols-3 gap-x-4 md:contents">
            <div className="min-w-0">
              <dt className="label">Stake</dt>
              <dd className="font-semibold">
                <Amount
                  value={provider.stake}
                  decimals={collateral.decimals}
                  symbol={collateral.symbol}
                  short
                />
              </dd>
            </div>
            <div className="min-w-0">
              <dt className="label">Weight</dt>
              <dd className="num font-semibold">
                {share(provider)}%
                <span className="mt-1 block h-1 max-w-40 rounded-full bg-sunken" aria-hidden="true">
                  <span
                    className="block h-full rounded-full bg-accent"
                    style={{ width: `${share(provider)}%` }}
                  />
                </span>
              </dd>
            </div>
            <div className="min-w-0">
              <dt className="label">In answers</dt>
              <dd className="num font-semibold">
                {provider.counted}
                <span className="block text-sm font-normal text-ink-3">
                  {provider.lastReportAt === null ? (
                    "no report yet"
                  ) : (
                    <>
                      last report <TimeAgo at={provider.lastReportAt} />
                    </>
                  )}
                </span>
              </dd>
            </div>
          </dl>
        </li>
      ))}
    </ul>
  );
}

function StateText({ provider }: { provider: Provider }) {
  const { state, seat, unbondsAt, domains, juror, banned } = provider;
  if (banned) return <b className="text-bad">banned for ever</b>;
  if (state === "withdrawn") return "has left";
  if (state === "unbonding")
    return (
      <>
        leaving
        {unbondsAt !== null && (
          <>
            , <Countdown at={unbondsAt} past="stake is free" />
          </>
        )}
      </>
    );
  const where =
    seat !== null
      ? "holds a seat"
      : domains.length === 0
        ? "serves no domain"
        : "on the bench, or joins with the next epoch";
  return `${where}${juror ? ", sits on juries" : ""}`;
}
