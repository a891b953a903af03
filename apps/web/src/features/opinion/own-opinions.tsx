import { t } from "@lingui/core/macro";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Amount, Fact } from "../../components/figures.tsx";
import { LoadMore, Section } from "../../components/page.tsx";
import { Failure } from "../../components/states.tsx";
import { walletOpinionsQuery } from "../../queries.ts";
import { useNetwork } from "../../shell/use-network.ts";
import { dueOf } from "../claims/claim-calls.ts";
import { EraseText } from "./erasure/erase-text.tsx";
import { OpinionStatus } from "./opinion-status.tsx";
import { stanceWords } from "./stance.ts";

/** What one address said in opinion markets, and what it came to. Nothing for who said nothing. */
export function OwnOpinions({ address }: { address: string }) {
  const { collateral } = useNetwork();
  const opinions = useInfiniteQuery(walletOpinionsQuery(address));
  const [sums] = opinions.data?.pages ?? [];
  const items = opinions.data?.pages.flatMap((page) => page.items) ?? [];
  if (opinions.error && items.length === 0)
    return <Failure error={opinions.error} retry={() => void opinions.refetch()} />;
  if (!sums || items.length === 0) return null;
  const amount = (value: bigint | string) => (
    <Amount value={value} decimals={collateral.decimals} symbol={collateral.symbol} />
  );
  return (
    <Section title={t`Opinions`}>
      <dl className="mb-3 flex flex-wrap gap-x-8 gap-y-3">
        <Fact label={t`At stake`}>{amount(sums.staked)}</Fact>
        <Fact label={t`To claim`}>{amount(sums.claimable)}</Fact>
        <Fact label={t`Paid in, ever`}>{amount(sums.paidIn)}</Fact>
        <Fact label={t`Paid out, ever`}>{amount(sums.paidOut)}</Fact>
      </dl>
      <ul className="divide-y divide-rule">
        {items.map((item) => (
          <li key={item.market} className="grid grid-cols-[minmax(0,1fr)_auto] gap-x-4 gap-y-1 py-3">
            <div className="min-w-0">
              <Link
                to="/opinions/$id"
                params={{ id: item.market }}
                className="question text-lg hover:text-accent"
                dir="auto"
              >
                {item.on.statement}
              </Link>
              <p className="flex flex-wrap gap-x-3 text-[0.9375rem]">
                <span>
                  {amount(item.amount)}{" "}
                  {item.stance === null
                    ? t`with a hidden stance`
                    : t`at ${item.stance}, ${stanceWords(item.stance)}`}
                </span>
                <OpinionStatus status={item.on.status} />
              </p>
              {item.erasure === "erased" && (
                <p className="text-sm text-ink-3">{t`The text was erased on request.`}</p>
              )}
              <EraseText opinion={item} />
            </div>
            {item.on.status === "settled" || item.on.status === "void" || item.on.status === "drawing" ? (
              <p className="text-right">
                <span className="label block">{dueOf(item) > 0n ? t`to claim` : t`came to`}</span>
                {amount(dueOf(item) > 0n ? dueOf(item) : BigInt(item.paid) + BigInt(item.won))}
              </p>
            ) : null}
          </li>
        ))}
      </ul>
      <LoadMore
        more={opinions.hasNextPage}
        busy={opinions.isFetchingNextPage}
        onMore={() => void opinions.fetchNextPage()}
      />
    </Section>
  );
}
