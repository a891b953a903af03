import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { useRef, useState } from "react";
import { ApiError, type Market } from "../api.ts";
import { useNow } from "../clock.ts";
import { Amount, Fact } from "../components/figures.tsx";
import { Hash } from "../components/hash.tsx";
import { LoadMore, Section, useTitle } from "../components/page.tsx";
import { Empty, Failure, Skeleton } from "../components/states.tsx";
import { MarketStatus } from "../components/status.tsx";
import { Countdown, TimeAgo } from "../components/time.tsx";
import { Comments } from "../features/comments/comments.tsx";
import { canAskLike } from "../features/create/can-ask-like.ts";
import { ActivityList } from "../features/market/activity-list.tsx";
import { Odds } from "../features/market/odds.tsx";
import { OutcomeTable } from "../features/market/outcome-table.tsx";
import { headline } from "../features/market/pool-bar.tsx";
import { PositionList } from "../features/market/positions.tsx";
import { ClaimButton } from "../features/claims/claim-button.tsx";
import { Rules } from "../features/market/rules.tsx";
import { Share } from "../features/market/share.tsx";
import { StakeBox } from "../features/stake/stake-box.tsx";
import { useWallet } from "../features/wallet/wallet-context.tsx";
import { formatMultiple, formatPercent, formatShare } from "../format/amount.ts";
import { marketActivityQuery, marketQuery, portfolioQuery } from "../queries.ts";
import { ARTICLES } from "../first-pages.ts";
import { useNetwork } from "../shell/use-network.ts";
import { useMoments } from "../use-moments.ts";
import { NotFoundPage } from "./not-found.tsx";
import { sayAnswer } from "../languages/answer-words.ts";

export function MarketPage() {
  const { id } = useParams({ from: "/markets/$id" });
  const market = useQuery(marketQuery(id));
  useTitle(market.data?.title);
  if (market.data) return <MarketView market={market.data} />;
  if (market.error instanceof ApiError && [400, 404].includes(market.error.status))
    return <NotFoundPage what={"market"} />;
  if (market.error) return <Failure error={market.error} retry={() => void market.refetch()} />;
  return <Skeleton lines={9} />;
}

function MarketView({ market }: { market: Market }) {
  const now = useNow();
  const { question, terms } = market;
  useMoments(
    [terms.closesAt, question.opensAt, question.finalizeAt, question.deadline],
    ["market", market.id],
  );
  const [outcome, setOutcome] = useState(market.question.schema.kind === "bool" ? 1 : 0);
  const side = useRef<HTMLDivElement>(null);
  const trading = market.status === "trading" && now < market.terms.closesAt;
  const pick = (picked: number) => {
    setOutcome(picked);
    side.current?.scrollIntoView({ block: "nearest" });
  };
  return (
    <article className={ARTICLES.market.article}>
      <MarketHead market={market} />
      <aside ref={side} aria-label={t`Your stake`} className="grid content-start gap-5 lg:row-span-3">
        <div className="grid gap-5 lg:sticky lg:top-5">
          {trading ? (
            <StakeBox market={market} outcome={outcome} onOutcome={setOutcome} />
          ) : (
            <Closed market={market} />
          )}
          <YourPositions market={market} />
        </div>
      </aside>
      <div className="grid min-w-0 gap-9">
        <Section title={t`Outcomes`}>
          <OutcomeTable market={market} onPick={trading ? pick : undefined} />
        </Section>
        <Section title={t`Odds over time`}>
          <Odds market={market} now={now} />
        </Section>
        {market.question.schema.description !== "" && (
          <Section title={t`Details`}>
            <p className="max-w-[68ch] whitespace-pre-line">{market.question.schema.description}</p>
          </Section>
        )}
        <Section title={t`Rules`}>
          <Rules market={market} />
        </Section>
        <Comments market={market.id} />
        <Section title={t`Activity`}>
          <MarketActivity id={market.id} />
        </Section>
      </div>
    </article>
  );
}

function MarketHead({ market }: { market: Market }) {
  const now = useNow();
  const { collateral } = useNetwork();
  return (
    <header className="min-w-0">
      <MarketStatus status={market.status} />
      <h1 className={ARTICLES.market.title} dir="auto">
        {market.title}
      </h1>
      <PriceNow market={market} />
      <dl className="mt-5 grid grid-cols-2 gap-x-8 gap-y-3 sm:flex sm:flex-wrap">
        <Fact label={t`Staked`}>
          <Amount value={market.volume} decimals={collateral.decimals} symbol={collateral.symbol} />
        </Fact>
        <Fact label={t`Stakers`}>{market.stakers}</Fact>
        <Fact label={now < market.terms.closesAt ? t`Closes` : t`Closed`}>
          <TimeAgo at={market.terms.closesAt} />
        </Fact>
        <Fact label={t`Fee on winnings`}>{formatPercent(market.terms.feeBps)}</Fact>
        <Fact label={t`Market`}>
          <Hash value={market.id} what={t`market id`} />
        </Fact>
      </dl>
      <Share
        title={market.title}
        picture={`/v1/markets/${market.id}/card.png`}
        frame={`/embed/markets/${market.id}`}
      >
        {canAskLike(market.question.schema) && (
          <Link
            to="/create"
            search={{ like: market.question.id }}
            className="text-sm text-ink-2 underline underline-offset-4"
          >
            {t`Ask one like this`}
          </Link>
        )}
      </Share>
    </header>
  );
}

/** What the stakes say now, and what a stake on it would pay: the price of this market. */
function PriceNow({ market }: { market: Market }) {
  const first = headline(market);
  if (!first || market.winner !== null || market.status === "void") return null;
  return (
    <p className="mt-4 flex flex-wrap items-baseline gap-x-3" aria-label={t`Current price`}>
      <span className="num text-4xl font-semibold text-accent">{formatShare(first.shareBps)}</span>
      <span className="text-ink-2">
        {first.paysBps === null ? (
          <Trans>
            of the stakes say <b className="text-ink">{sayAnswer(first.label)}</b>
          </Trans>
        ) : (
          <Trans>
            of the stakes say <b className="text-ink">{sayAnswer(first.label)}</b>; it pays{" "}
            <b className="num text-ink">{formatMultiple(first.paysBps)}</b>
          </Trans>
        )}
      </span>
    </p>
  );
}

function Closed({ market }: { market: Market }) {
  const { question } = market;
  const winner = market.winner === null ? undefined : market.outcomes[market.winner];
  return (
    <div className="panel p-4 sm:p-5" role="status">
      {market.status === "settled" && winner ? (
        <>
          <p className="label">{t`The answer`}</p>
          <p className="question mt-1 text-2xl">{sayAnswer(winner.label)}</p>
          {question.label !== null && question.label !== winner.label && (
            <p className="num text-ink-2">{sayAnswer(question.label)}</p>
          )}
        </>
      ) : market.status === "void" ? (
        <>
          <p className="font-semibold">{t`Void: every stake goes back whole.`}</p>
          <p className="mt-1 text-sm text-ink-2">
            {question.status === "invalid"
              ? t`The question got no answer by its deadline.`
              : t`Nobody had staked on what happened.`}
          </p>
        </>
      ) : market.status === "answered" && question.finalizeAt !== null ? (
        <>
          <p className="font-semibold">{t`Answered: ${sayAnswer(question.label ?? "")}`}</p>
          <p className="mt-1 text-sm text-ink-2">
            <Trans>
              Final in{" "}
              <Countdown at={question.finalizeAt} past={t`a moment`} className="font-semibold text-ink" />
            </Trans>
          </p>
        </>
      ) : (
        <>
          <p className="font-semibold">{t`Closed for stakes.`}</p>
          <p className="mt-1 text-sm text-ink-2">
            <Trans>
              Providers may report in{" "}
              <Countdown at={question.opensAt} past={t`these moments`} className="font-semibold text-ink" />.
            </Trans>
          </p>
        </>
      )}
      <Link
        to="/questions/$id"
        params={{ id: question.id }}
        className="mt-3 inline-block text-sm font-semibold text-accent underline underline-offset-4"
      >
        {t`See every report and how the answer comes out`}
      </Link>
    </div>
  );
}

function YourPositions({ market }: { market: Market }) {
  const account = useWallet().account;
  const portfolio = useQuery(portfolioQuery(account?.address));
  const mine = portfolio.data?.positions.filter((position) => position.market.id === market.id) ?? [];
  if (!account || mine.length === 0) return null;
  return (
    <section className="panel px-4 pt-4 pb-3 sm:px-5" aria-labelledby="your-positions">
      <h2 id="your-positions" className="font-bold">
        {t`Your positions`}
      </h2>
      <PositionList positions={mine} titles={false} />
      <ClaimButton owner={account.address} claimable={{ positions: mine, opinions: [] }} />
    </section>
  );
}

function MarketActivity({ id }: { id: string }) {
  const activity = useInfiniteQuery(marketActivityQuery(id));
  const items = activity.data?.pages.flatMap(({ items }) => items) ?? [];
  if (activity.isPending) return <Skeleton lines={3} />;
  if (activity.error && items.length === 0)
    return <Failure error={activity.error} retry={() => void activity.refetch()} />;
  if (items.length === 0) return <Empty title={t`Nothing happened yet`} />;
  return (
    <>
      <ActivityList items={items} titles={false} />
      <LoadMore
        more={activity.hasNextPage}
        busy={activity.isFetchingNextPage}
        onMore={() => void activity.fetchNextPage()}
      />
    </>
  );
}
