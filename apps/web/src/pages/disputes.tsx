import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { Dispute } from "../api.ts";
import { useNow } from "../clock.ts";
import { Amount } from "../components/figures.tsx";
import { LoadMore, PageHead, useTitle } from "../components/page.tsx";
import { Empty, Failure, Skeleton } from "../components/states.tsx";
import { TimeAgo } from "../components/time.tsx";
import { standsText } from "../features/dispute/words.ts";
import { formatDuration } from "../format/time.ts";
import { disputesQuery, questionQuery } from "../queries.ts";
import { useNetwork } from "../shell/use-network.ts";
import { sayAnswer } from "../languages/answer-words.ts";

export function DisputesPage() {
  useTitle(t`Disputes`);
  const disputes = useInfiniteQuery(disputesQuery);
  const items = disputes.data?.pages.flatMap(({ items }) => items) ?? [];
  return (
    <>
      <PageHead title={t`Disputes`}>
        <Trans>
          Anyone may object to an answer before it is final. Providers report anew, then jurors drawn at
          random decide.
        </Trans>
      </PageHead>
      {disputes.isPending && <Skeleton lines={5} />}
      {disputes.error && items.length === 0 && (
        <Failure error={disputes.error} retry={() => void disputes.refetch()} />
      )}
      {disputes.data && items.length === 0 && (
        <Empty
          title={t`No answer was ever disputed`}
        >{t`An answer that waits to be final can be disputed on its page.`}</Empty>
      )}
      {items.length > 0 && (
        <ul className="border-t border-rule" aria-label={t`Disputes`}>
          {items.map((dispute) => (
            <Row key={dispute.id} dispute={dispute} />
          ))}
        </ul>
      )}
      <LoadMore
        more={disputes.hasNextPage}
        busy={disputes.isFetchingNextPage}
        onMore={() => void disputes.fetchNextPage()}
      />
    </>
  );
}

function Row({ dispute }: { dispute: Dispute }) {
  const { collateral } = useNetwork();
  const now = useNow();
  const { stage, until } = dispute;
  const question = useQuery(questionQuery(dispute.question)).data;
  return (
    <li className="grid grid-cols-[minmax(0,1fr)_auto] gap-x-6 gap-y-1 border-b border-rule py-4">
      <div className="min-w-0">
        <Link
          to="/questions/$id"
          params={{ id: dispute.question }}
          className="question text-xl hover:text-accent"
          dir="auto"
        >
          {question?.schema.text ?? t`A question`}
        </Link>
        <p dir="auto">
          <Trans>
            <b>{sayAnswer(dispute.claimLabel)}</b> against <b>{sayAnswer(dispute.valueLabel)}</b>
          </Trans>
        </p>
        <p className={`text-sm font-semibold ${stage === "done" ? "text-ink-2" : "text-gold"}`}>
          {standsText(dispute)}
          {until !== null && now < until && (
            <span className="num">
              , <Trans>{formatDuration(until - now)} left</Trans>
            </span>
          )}
        </p>
      </div>
      <p className="text-right text-sm text-ink-3">
        <Amount
          value={dispute.deposit}
          decimals={collateral.decimals}
          symbol={collateral.symbol}
          short
          className="block text-base font-semibold text-ink"
        />
        <TimeAgo at={dispute.openedAt} />
      </p>
    </li>
  );
}
