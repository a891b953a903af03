import { i18n, type MessageDescriptor } from "@lingui/core";
import { msg, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { sameAddress } from "@sooth/kernel";
import { useEffect, useRef, useState } from "react";
import type { Comment, Reaction } from "../../api.ts";
import { Button } from "../../components/button.tsx";
import { Amount } from "../../components/figures.tsx";
import { Hash } from "../../components/hash.tsx";
import { Failure } from "../../components/states.tsx";
import { TimeAgo } from "../../components/time.tsx";
import { useNetwork } from "../../shell/use-network.ts";
import { useSession } from "../session/use-session.ts";
import { useWalletNames } from "../wallet/use-wallet-names.ts";
import { useComments } from "./use-comments.ts";

const KINDS: readonly { kind: Reaction; label: MessageDescriptor }[] = [
  { kind: "agree", label: msg`Agree` },
  { kind: "disagree", label: msg`Disagree` },
  { kind: "insightful", label: msg`Insightful` },
];

/** One comment: who, with what at stake, what he said as plain text, and what others make of it. */
export function CommentItem({ comment, onReply }: { comment: Comment; onReply?: (() => void) | undefined }) {
  const names = useWalletNames();
  const { author, at, text, gone } = comment;
  const article = useRef<HTMLElement>(null);
  const place = `comment-${comment.id}`;
  // Comments come after the page, so the browser found nothing to go to.
  useEffect(() => {
    if (window.location.hash === `#${place}`) article.current?.scrollIntoView({ block: "center" });
  }, [place]);
  return (
    <article ref={article} id={place} className="grid min-w-0 scroll-mt-4 gap-1.5">
      <header className="flex flex-wrap items-center gap-x-3 gap-y-1 text-sm text-ink-2">
        <Hash value={author} name={names(author)} />
        <Stakes comment={comment} />
        <TimeAgo at={at} className="text-ink-3" />
      </header>
      {gone || text === null ? (
        <p className="text-ink-3 italic wrap-anywhere">
          {gone?.by === "operator" ? t`Hidden by the operator: ${gone.why ?? ""}` : t`Deleted by its author.`}
        </p>
      ) : (
        // Whatever stands in it is text: nothing here makes markup or links of it.
        <p className="max-w-[68ch] min-w-0 wrap-anywhere whitespace-pre-line" dir="auto">
          {text}
        </p>
      )}
      {!gone && <Actions comment={comment} onReply={onReply} />}
    </article>
  );
}

function Stakes({ comment }: { comment: Comment }) {
  const { collateral } = useNetwork();
  if (comment.gone) return null;
  if (comment.stakes.length === 0) return <span className="text-ink-3">{t`nothing at stake`}</span>;
  return (
    <span className="flex flex-wrap gap-x-2 gap-y-1">
      {comment.stakes.map(({ on, amount }) => (
        <span key={on ?? ""} className="rounded-full bg-wash px-2 text-xs font-semibold text-ink">
          {on === null ? (
            <Trans>
              <Amount value={amount} decimals={collateral.decimals} symbol={collateral.symbol} short /> on a
              hidden stance
            </Trans>
          ) : (
            <Trans>
              <Amount value={amount} decimals={collateral.decimals} symbol={collateral.symbol} short /> on{" "}
              <span dir="auto">{on}</span>
            </Trans>
          )}
        </span>
      ))}
    </span>
  );
}

function Actions({ comment, onReply }: { comment: Comment; onReply?: (() => void) | undefined }) {
  const { address } = useSession();
  const { react, remove } = useComments(comment.market);
  const [sure, setSure] = useState(false);
  const isOwn = address !== undefined && sameAddress(address, comment.author);
  const error = react.error ?? remove.error;
  return (
    <>
      <div className="-ml-2 flex flex-wrap items-center gap-1" role="group" aria-label={t`Reactions`}>
        {KINDS.map(({ kind, label }) => {
          const count = comment.reactions[kind];
          const given = comment.own.includes(kind);
          const words = count === 0 ? i18n._(label) : `${i18n._(label)} ${count}`;
          // Nobody reacts to himself, and whoever is not signed in sees the figures.
          if (address === undefined || isOwn)
            return (
              count > 0 && (
                <span key={kind} className="num px-2 text-sm text-ink-2">
                  {words}
                </span>
              )
            );
          return (
            <button
              key={kind}
              type="button"
              aria-pressed={given}
              className={`num min-h-9 rounded-md px-2 text-sm ${given ? "bg-wash font-semibold text-accent" : "text-ink-2 hover:bg-sunken hover:text-ink"}`}
              onClick={() => react.mutate({ id: comment.id, kind, wanted: !given })}
            >
              {words}
            </button>
          );
        })}
        {onReply && (
          <Button size="small" look="plain" onClick={onReply}>
            {t`Reply`}
          </Button>
        )}
        {isOwn && !sure && (
          <Button size="small" look="plain" onClick={() => setSure(true)}>
            {t`Delete`}
          </Button>
        )}
        {isOwn && sure && (
          <>
            <Button size="small" busy={remove.isPending} onClick={() => remove.mutate(comment.id)}>
              {t`Delete for good`}
            </Button>
            <Button size="small" look="plain" onClick={() => setSure(false)}>
              {t`Keep`}
            </Button>
          </>
        )}
      </div>
      {error && <Failure error={error} />}
    </>
  );
}
