import { formatCount } from "../../format/signs.ts";
import { t } from "@lingui/core/macro";
import { Plural, Trans } from "@lingui/react/macro";
import type { Feed } from "../../api.ts";
import { useNow } from "../../clock.ts";
import { Command } from "../../components/command.tsx";
import { Fact } from "../../components/figures.tsx";
import { Hash } from "../../components/hash.tsx";
import { TimeAgo } from "../../components/time.tsx";
import { Status } from "../../components/status.tsx";
import { formatFixed } from "../../format/amount.ts";
import { formatDuration } from "../../format/time.ts";
import { useNetwork } from "../../shell/use-network.ts";
import { feedBacking, feedMode, feedState, readingCode } from "./state.ts";

/** One feed: what it says now, how old that is, who stands behind it, and how a contract reads it. */
export function FeedRow({ feed }: { feed: Feed }) {
  const { addresses } = useNetwork();
  const now = useNow();
  const { schema, decimals, heartbeat, value, observedAt, refused, told } = feed;
  const unit = schema?.unit ?? "";
  return (
    <li className="grid gap-x-8 gap-y-4 border-b border-rule py-5 lg:grid-cols-[minmax(0,1fr)_auto]">
      <div className="min-w-0">
        <Status {...feedState(feed, now)} />
        <h2 className="question mt-1 text-xl break-words" dir="auto">
          {schema?.text ?? t`Nobody logged what this feed tells`}
        </h2>
        <p className="mt-1 text-[0.9375rem] text-ink-2">
          {feedMode(feed)}
          {feed.signer !== null && (
            <>
              : <Hash value={feed.signer} what={t`key`} />
            </>
          )}
          {!told && ". This server sends no updates of it."}
        </p>
        {refused !== null && (
          <p className="mt-1 text-[0.9375rem] font-semibold text-gold">
            <Trans>
              Refused: {formatFixed(BigInt(refused), decimals, unit)}. It counts once 90% of the weight sign
              such a value.
            </Trans>
          </p>
        )}
      </div>
      <p className="lg:text-right">
        <span className="num block text-2xl font-semibold">
          {value === null ? "—" : formatFixed(BigInt(value), decimals, unit)}
        </span>
        <span className="text-sm text-ink-3">
          {observedAt === null ? t`never told` : <TimeAgo at={observedAt} />}
        </span>
      </p>
      <dl className="grid grid-cols-2 gap-x-8 gap-y-3 sm:flex sm:flex-wrap lg:col-span-2">
        <Fact label={t`Told at least every`}>{formatDuration(heartbeat)}</Fact>
        <Fact label={t`Behind the value`}>{feedBacking(feed)}</Fact>
        <Fact label={t`Values so far`}>{formatCount(feed.round)}</Fact>
        <Fact label={t`Decimals`}>{decimals}</Fact>
        {feed.secondary !== null && feed.apartBps !== null && (
          <Fact label={t`Held within ${feed.apartBps / 100}% of`}>
            <Hash value={feed.secondary} what={t`id of the feed that has a second opinion`} />
          </Fact>
        )}
        <Fact label={t`Feed`}>
          <Hash value={feed.id} what={t`id of the feed`} />
        </Fact>
      </dl>
      <details className="min-w-0 lg:col-span-2">
        <summary className="w-fit text-sm font-semibold text-accent">{t`Read it in a contract`}</summary>
        <div className="mt-3 grid gap-2">
          <Command text={readingCode(addresses.feeds, feed.id)} what={t`code`} />
          <p className="text-sm text-ink-2">
            <Trans>
              The value is an integer with {decimals}{" "}
              <Plural value={decimals} one="decimal" other="decimals" />. For readers of Chainlink’s
              AggregatorV3, <code className="font-mono">npx sooth feed create … --adapter</code> deploys one
              for a feed. A question reads a feed too, as a source of the type “feed”.
            </Trans>
          </p>
        </div>
      </details>
    </li>
  );
}
