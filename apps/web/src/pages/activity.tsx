import { t } from "@lingui/core/macro";
import { i18n } from "@lingui/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { LinkButton } from "../components/button.tsx";
import { LoadMore, PageHead, useTitle } from "../components/page.tsx";
import { Empty, Failure, Skeleton } from "../components/states.tsx";
import { HEADS } from "../first-pages.ts";
import { ActivityList } from "../features/market/activity-list.tsx";
import { activityQuery } from "../queries.ts";

export function ActivityPage() {
  useTitle(t`Activity`);
  const activity = useInfiniteQuery(activityQuery);
  const items = activity.data?.pages.flatMap(({ items }) => items) ?? [];
  return (
    <>
      <PageHead title={i18n._(HEADS.activity.title)}>{i18n._(HEADS.activity.about)}</PageHead>
      {activity.isPending && <Skeleton lines={8} />}
      {activity.error && <Failure error={activity.error} retry={() => void activity.refetch()} />}
      {!activity.isPending && !activity.error && items.length === 0 && (
        <Empty
          title={t`Nothing happened yet`}
          action={
            <LinkButton to="/create" look="primary">
              {t`Ask the first question`}
            </LinkButton>
          }
        />
      )}
      {items.length > 0 && (
        <div className="max-w-3xl">
          <ActivityList items={items} titles />
        </div>
      )}
      <LoadMore
        more={activity.hasNextPage}
        busy={activity.isFetchingNextPage}
        onMore={() => void activity.fetchNextPage()}
      />
    </>
  );
}
