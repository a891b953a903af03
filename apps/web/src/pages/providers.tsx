import { useQuery } from "@tanstack/react-query";
import type { Provider } from "../api.ts";
import { Amount } from "../components/figures.tsx";
import { Hash } from "../components/hash.tsx";
import { PageHead, useTitle } from "../components/page.tsx";
import { Empty, Failure, Skeleton } from "../components/states.tsx";
import { Countdown, TimeAgo } from "../components/time.tsx";
import { providersQuery } from "../queries.ts";
import { useNetwork } from "../shell/use-network.ts";

export function ProvidersPage() {
  useTitle("Providers");
  const providers = useQuery(providersQuery);
  const items = (providers.data?.items ?? []).toSorted(bySeat);
  return (
    <>
      <PageHead title="Providers">
        They observe what happened and sign it. Their stake is their weight, up to a quarter of all for each.
      </PageHead>
      {providers.isPending && <Skeleton lines={6} />}
      {providers.error && <Failure error={providers.error} retry={() => void providers.refetch()} />}
      {providers.data && items.length === 0 && (
        <Empty title="Nobody provides answers here yet">
          Questions stay open until providers have staked.
        </Empty>
      )}
      {items.length > 0 && <ProviderTable providers={items} />}
    </>
  );
}

const bySeat = (a: Provider, b: Provider) => (a.seat ?? Infinity) - (b.seat ?? Infinity);

function ProviderTable({ providers }: { providers: readonly Provider[] }) {
  const { collateral } = useNetwork();
  const weight = providers.reduce((sum, provider) => sum + BigInt(provider.weight), 0n);
  const share = (provider: Provider) =>
    weight === 0n ? 0 : Number((BigInt(provider.weight) * 1_000n) / weight) / 10;
  return (
    <ul className="border-t border-rule">
      {providers.map((provider) => (
        <li
          key={provider.owner}
          className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-3 border-b border-rule py-4 md:grid-cols-[auto_minmax(0,1.2fr)_minmax(0,1fr)_minmax(0,1fr)_minmax(0,1fr)]"
        >
          <span
            className={`num grid size-9 place-items-center rounded-full text-sm font-bold ${provider.seat === null ? "border border-rule-2 text-ink-3" : "bg-accent text-on-accent"}`}
          >
            <span className="sr-only">Seat </span>
            {provider.seat === null ? "–" : provider.seat + 1}
          </span>
          <div className="min-w-0">
            <p className="font-semibold">
              <Hash value={provider.owner} />
            </p>
            <p className="text-sm text-ink-2">
              {provider.state === "active"
                ? provider.seat === null
                  ? "joins with the next epoch"
                  : "holds a seat"
                : provider.state}
              {provider.state === "unbonding" && provider.unbondsAt !== null && (
                <>
                  , <Countdown at={provider.unbondsAt} past="free to leave" />
                </>
              )}
            </p>
            <p className="text-sm text-ink-3">
              signs as <Hash value={provider.signer} what="signer" />
            </p>
          </div>
          <dl className="col-span-2 grid grid-cols-3 gap-x-4 md:contents">
            {" "}
            <div className="min-w-0">
              <dt className="label">Stake</dt>
              <dd className="font-semibold">
                <Amount value={provider.stake} decimals={collateral.decimals} symbol={collateral.symbol} />
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
              <dt className="label">Reports</dt>
              <dd className="num font-semibold">
                {provider.reports}, {provider.counted} counted
                <span className="block text-sm font-normal text-ink-3">
                  {provider.lastReportAt === null ? (
                    "none yet"
                  ) : (
                    <>
                      last <TimeAgo at={provider.lastReportAt} />
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
