import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useInfiniteQuery } from "@tanstack/react-query";
import { LoadMore, PageHead, useTitle } from "../components/page.tsx";
import { Empty, Failure, Skeleton } from "../components/states.tsx";
import { ApprovalCard } from "../features/desk/approval-card.tsx";
import { CommitteeSeats } from "../features/desk/committee-seats.tsx";
import { approvalsQuery } from "../queries.ts";

/** Where members of a committee look at results before money moves, and sign. */
export function DeskPage() {
  useTitle(t`Operator desk`);
  const approvals = useInfiniteQuery(approvalsQuery);
  const pages = approvals.data?.pages ?? [];
  const items = pages.flatMap((page) => page.items);
  const asks = (pages[0]?.committee ?? null) !== null;
  return (
    <>
      <PageHead title={t`Operator desk`}>
        <Trans>
          Where a deployment asks for it, three of five members sign what an opinion market came to before it
          is paid out. They cannot change the score: they sign it, or it waits.
        </Trans>
      </PageHead>
      {approvals.isPending && <Skeleton lines={6} />}
      {approvals.error && items.length === 0 && (
        <Failure error={approvals.error} retry={() => void approvals.refetch()} />
      )}
      {approvals.data && items.length === 0 && (
        <Empty title={asks ? t`Nothing waits for a signature` : t`This deployment asks for no approvals`}>
          {asks
            ? t`A result appears here once its answer is final.`
            : t`A market is scored as soon as its answer is final, and nobody has to sign.`}
        </Empty>
      )}
      {items.length > 0 && (
        <div className="border-t border-rule">
          {items.map((approval) => (
            <ApprovalCard key={approval.market} approval={approval} />
          ))}
        </div>
      )}
      <LoadMore
        more={approvals.hasNextPage}
        busy={approvals.isFetchingNextPage}
        onMore={() => void approvals.fetchNextPage()}
      />
      {asks && <CommitteeSeats />}
    </>
  );
}
