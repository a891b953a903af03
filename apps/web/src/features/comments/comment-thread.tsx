import { plural, t } from "@lingui/core/macro";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Thread } from "../../api.ts";
import { Button } from "../../components/button.tsx";
import { repliesQuery } from "../../queries.ts";
import { CommentBox } from "./comment-box.tsx";
import { CommentItem } from "./comment-item.tsx";

/** A comment and what was replied to it: the first few, and all on request. */
export function CommentThread({ thread }: { thread: Thread }) {
  const [replying, setReplying] = useState(false);
  const [open, setOpen] = useState(false);
  const all = useInfiniteQuery({ ...repliesQuery(thread.market, thread.id), enabled: open });
  const read = all.data?.pages.flatMap(({ items }) => items) ?? [];
  const replies = open && read.length > 0 ? read : thread.first;
  const left = thread.replies - replies.length;
  const more = () => {
    if (open) void all.fetchNextPage();
    setOpen(true);
  };
  return (
    <>
      <CommentItem comment={thread} onReply={thread.gone ? undefined : () => setReplying(true)} />
      {(replies.length > 0 || replying) && (
        <div className="mt-3 ml-3 grid grid-cols-[minmax(0,1fr)] gap-4 border-l-2 border-rule pl-4 sm:ml-5">
          {replies.length > 0 && (
            <ol className="grid min-w-0 gap-4" aria-label={t`Replies`}>
              {replies.map((reply) => (
                <li key={reply.id}>
                  <CommentItem comment={reply} />
                </li>
              ))}
            </ol>
          )}
          {left > 0 && (
            <div>
              <Button size="small" look="plain" busy={all.isFetching} onClick={more}>
                {plural(left, { one: "One more reply", other: "# more replies" })}
              </Button>
            </div>
          )}
          {replying && (
            <CommentBox market={thread.market} parent={thread.id} onDone={() => setReplying(false)} />
          )}
        </div>
      )}
    </>
  );
}
