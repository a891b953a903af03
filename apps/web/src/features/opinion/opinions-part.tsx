import { t } from "@lingui/core/macro";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { OpinionMarket } from "../../api.ts";
import { SelectField } from "../../components/field.tsx";
import { LoadMore, Section } from "../../components/page.tsx";
import { Failure, Skeleton } from "../../components/states.tsx";
import { opinionsQuery, rankedOpinionsQuery } from "../../queries.ts";
import { OpinionList } from "./opinion-list.tsx";
import type { Judgement } from "./ranking.ts";

type Order = "quality" | "largest" | "newest";

/** All that was said, in an order of the reader's choice: the best argued first, once it is labelled. */
export function OpinionsPart({
  market,
  judgement,
  awaited,
}: {
  market: OpinionMarket;
  judgement: Judgement | undefined;
  /** Labels are on their way: no other order is shown meanwhile, to be turned around at once. */
  awaited: boolean;
}) {
  const [chosen, setChosen] = useState<Order>();
  const isRanked = judgement !== undefined && judgement.ranking.owners.length > 0;
  const wanted = chosen ?? "quality";
  const order = wanted === "quality" && !isRanked ? "newest" : wanted;
  return (
    <Section title={t`Opinions`} aside={market.opinions}>
      {market.opinions > 1 && (
        <div className="mb-1 max-w-[16rem]">
          <SelectField
            quietLabel
            label={t`Order of the opinions`}
            value={order}
            onChange={({ target: { value } }) => setChosen(value as Order)}
          >
            <option value="quality" disabled={!isRanked}>
              {isRanked ? t`Best argued first` : t`Best argued first, once judged`}
            </option>
            <option value="largest">{t`Largest stake first`}</option>
            <option value="newest">{t`Newest first`}</option>
          </SelectField>
        </div>
      )}
      {awaited && chosen === undefined ? (
        <Skeleton lines={4} />
      ) : (
        <Listed market={market} order={order} judgement={judgement} />
      )}
    </Section>
  );
}

function Listed({
  market,
  order,
  judgement,
}: {
  market: OpinionMarket;
  order: Order;
  judgement: Judgement | undefined;
}) {
  const { id, opinions: all } = market;
  const opinions = useInfiniteQuery(
    order === "quality" && judgement
      ? rankedOpinionsQuery(id, { ...judgement.ranking, all })
      : opinionsQuery(id, order === "largest" ? "largest" : "newest"),
  );
  const items = opinions.data?.pages.flatMap((page) => page.items) ?? [];
  if (opinions.isPending) return <Skeleton lines={4} />;
  if (opinions.error && items.length === 0)
    return <Failure error={opinions.error} retry={() => void opinions.refetch()} />;
  return (
    <>
      {items.length === 0 && <p className="text-ink-3">{t`None yet.`}</p>}
      <OpinionList market={market} items={items} labels={judgement?.labels} />
      <LoadMore
        more={opinions.hasNextPage}
        busy={opinions.isFetchingNextPage}
        onMore={() => void opinions.fetchNextPage()}
      />
    </>
  );
}
