import { t } from "@lingui/core/macro";
import { useInfiniteQuery } from "@tanstack/react-query";
import type { Thread } from "../../api.ts";
import { LoadMore, Section } from "../../components/page.tsx";
import { Failure, Skeleton } from "../../components/states.tsx";
import { commentsQuery } from "../../queries.ts";
import { CommentBox } from "./comment-box.tsx";
import { CommentThread } from "./comment-thread.tsx";

/** What people say below a market, a pool or an opinion market, and room to say something. */
export function Comments({ market }: { market: string }) {
  const comments = useInfiniteQuery(commentsQuery(market));
  const pages = comments.data?.pages ?? [];
  const threads = pages.flatMap(({ items }) => items);
  return (
    <Section title={t`Comments`} aside={pages[0]?.total} className="scroll-mt-4">
      <CommentBox market={market} parent={null} />
      {comments.isPending && <Skeleton lines={3} className="mt-5" />}
      {comments.error && threads.length === 0 && (
        <div className="mt-5">
          <Failure error={comments.error} retry={() => void comments.refetch()} />
        </div>
      )}
      {comments.isSuccess && threads.length === 0 && (
        <p className="mt-5 text-ink-2">{t`Nobody has said anything yet.`}</p>
      )}
      {threads.length > 0 && <Threads threads={threads} />}
      <LoadMore
        more={comments.hasNextPage}
        busy={comments.isFetchingNextPage}
        onMore={() => void comments.fetchNextPage()}
      />
    </Section>
  );
}

const Threads = ({ threads }: { threads: readonly Thread[] }) => (
  <ol className="mt-3 divide-y divide-rule" aria-label={t`Comments`}>
    {threads.map((thread) => (
      <li key={thread.id} className="py-4">
        <CommentThread thread={thread} />
      </li>
    ))}
  </ol>
);
