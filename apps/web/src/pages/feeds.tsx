import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useInfiniteQuery } from "@tanstack/react-query";
import { LoadMore, PageHead, useTitle } from "../components/page.tsx";
import { Empty, Failure, Skeleton } from "../components/states.tsx";
import { FeedRow } from "../features/feed/feed-row.tsx";
import { feedsQuery } from "../queries.ts";

export function FeedsPage() {
  useTitle(t`Feeds`);
  const feeds = useInfiniteQuery(feedsQuery);
  const items = feeds.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <>
      <PageHead title={t`Feeds`}>
        <Trans>
          Values that are told again and again, for contracts to read. Nobody can dispute one: it is used at
          once, and a provider who signs two values for one moment loses the whole stake.
        </Trans>
      </PageHead>
      {feeds.isPending && <Skeleton lines={5} />}
      {feeds.error && items.length === 0 && (
        <Failure error={feeds.error} retry={() => void feeds.refetch()} />
      )}
      {feeds.data && items.length === 0 && (
        <Empty title={t`There is no feed yet`}>
          <Trans>
            Anybody may create one: <code className="font-mono">npx sooth feed create SCHEMA.json</code>
          </Trans>
        </Empty>
      )}
      {items.length > 0 && (
        <ul className="border-t border-rule" aria-label={t`Feeds`}>
          {items.map((feed) => (
            <FeedRow key={feed.id} feed={feed} />
          ))}
        </ul>
      )}
      <LoadMore
        more={feeds.hasNextPage}
        busy={feeds.isFetchingNextPage}
        onMore={() => void feeds.fetchNextPage()}
      />
    </>
  );
}
