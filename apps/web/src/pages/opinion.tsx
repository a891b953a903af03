import { t } from "@lingui/core/macro";
import { Plural, Trans } from "@lingui/react/macro";
import { isHidden } from "@sooth/markets/core";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { lazy } from "react";
import { ApiError, type Opinion, type OpinionMarket } from "../api.ts";
import { BandBars } from "../charts/band-bars.tsx";
import { useNow } from "../clock.ts";
import { Late } from "../components/late.tsx";
import { LinkButton } from "../components/button.tsx";
import { Amount, Fact } from "../components/figures.tsx";
import { Hash } from "../components/hash.tsx";
import { LoadMore, Section, useTitle } from "../components/page.tsx";
import { Empty, Failure, Skeleton } from "../components/states.tsx";
import { TimeAgo } from "../components/time.tsx";
import { Creator } from "../features/market/creator.tsx";
import { Share } from "../features/market/share.tsx";
import { Comments } from "../features/comments/comments.tsx";
import { ClaimOpinion } from "../features/opinion/claim-opinion.tsx";
import { ClosedPanel } from "../features/opinion/closed-panel.tsx";
import { EraseText } from "../features/opinion/erasure/erase-text.tsx";
import { Digest } from "../features/opinion/digest.tsx";
import { DrawsCheck } from "../features/opinion/draws-check.tsx";
import { OpinionActivityList } from "../features/opinion/opinion-activity.tsx";
import { OpinionBox } from "../features/opinion/opinion-box.tsx";
import { OpinionsPart } from "../features/opinion/opinions-part.tsx";
import { OpinionList } from "../features/opinion/opinion-list.tsx";
import { OpinionRules } from "../features/opinion/opinion-rules.tsx";
import { OpinionStatus } from "../features/opinion/opinion-status.tsx";
import { LargestStake } from "../features/opinion/largest-stake.tsx";
import { MeasuredNote } from "../features/opinion/measured-note.tsx";
import { Judging } from "../features/opinion/judging.tsx";
import { ResultView } from "../features/opinion/result-view.tsx";
import { DoNotStake, isFit } from "../features/opinion/do-not-stake.tsx";
import { NoRoom, SecuredStakes } from "../features/opinion/secured-stakes.tsx";
import { ScoreDial } from "../features/opinion/stance-dial.tsx";
import { TellStance } from "../features/opinion/tell-stance.tsx";
import { useWallet } from "../features/wallet/wallet-context.tsx";
import { formatPercent } from "../format/amount.ts";
import { judgedQuery, opinionActivityQuery, opinionMarketQuery, ownOpinionQuery } from "../queries.ts";
import { ARTICLES } from "../first-pages.ts";
import { useNetwork } from "../shell/use-network.ts";
import { useMoments } from "../use-moments.ts";
import { NotFoundPage } from "./not-found.tsx";

/** Drawn once it comes near: what is seen first does not wait for it. */
const OpinionHistory = lazy(async () => ({
  default: (await import("../features/opinion/opinion-history.tsx")).OpinionHistory,
}));

export function OpinionPage() {
  const { id } = useParams({ from: "/opinions/$id" });
  const market = useQuery(opinionMarketQuery(id));
  useTitle(market.data?.statement);
  if (market.data) return <OpinionView market={market.data} />;
  if (market.error instanceof ApiError && [400, 404].includes(market.error.status))
    return (
      <NotFoundPage
        what={"statement"}
        back={
          <LinkButton to="/opinions" look="primary">
            {t`All opinions`}
          </LinkButton>
        }
      />
    );
  if (market.error) return <Failure error={market.error} retry={() => void market.refetch()} />;
  return <Skeleton lines={9} />;
}

function OpinionView({ market }: { market: OpinionMarket }) {
  const now = useNow();
  const wallet = useWallet();
  const own = useQuery(ownOpinionQuery(market.id, wallet.account?.address)).data ?? undefined;
  const { terms, revealsUntil, finalAt, quietFrom, question } = market;
  useMoments(
    [quietFrom, terms.closesAt, revealsUntil, finalAt, question.opensAt, question.deadline],
    ["opinion-market", market.id],
  );
  const open = market.status === "open" && now < terms.closesAt;
  const judgement = useQuery(judgedQuery(question.id, finalAt !== null || market.result !== null));
  return (
    <article className={ARTICLES.opinion.article}>
      <Head market={market} />
      <aside aria-label={t`Your opinion`} className="grid content-start gap-5 lg:row-span-3">
        {own && <OwnOpinion market={market} own={own} />}
        {!isFit(market) && <DoNotStake market={market} />}
        {open &&
          !own &&
          isFit(market) &&
          (BigInt(market.room) < BigInt(terms.leastStake) ? (
            <NoRoom market={market} />
          ) : (
            <OpinionBox key={market.id} market={market} />
          ))}
        {!open && (!own || market.status !== "settled") && <ClosedPanel market={market} />}
      </aside>
      <div className="grid min-w-0 gap-9">
        <Section title={t`Stakes by stance`}>
          <Bands market={market} own={own} />
        </Section>
        <Section title={t`What secures the score`}>
          <SecuredStakes market={market} />
        </Section>
        {market.opinions > 0 && (
          <Section title={t`Over time`}>
            <Late className="min-h-[36rem] sm:min-h-[20rem]">
              <OpinionHistory market={market} />
            </Late>
          </Section>
        )}
        {market.result && (
          <Section title={t`Where the money went`}>
            <ResultView market={market} own={own} />
          </Section>
        )}
        {market.result && (
          <Section title={t`The draw`}>
            <DrawsCheck market={market} />
          </Section>
        )}
        {judgement.data && (
          <Section title={t`How it was judged`}>
            <Judging judged={judgement.data.judged} />
          </Section>
        )}
        <Digest market={market.id} closed={now >= terms.closesAt} />
        <OpinionsPart market={market} judgement={judgement.data} awaited={judgement.isLoading} />
        <Section title={t`Rules`}>
          <OpinionRules market={market} />
        </Section>
        <Comments market={market.id} />
        <Section title={t`Activity`}>
          <MarketActivity id={market.id} />
        </Section>
      </div>
    </article>
  );
}

function Head({ market }: { market: OpinionMarket }) {
  const now = useNow();
  const { collateral } = useNetwork();
  const { result, crowd } = market;
  return (
    <header className="min-w-0">
      <OpinionStatus status={market.status} />
      <h1 className={ARTICLES.opinion.title} dir="auto">
        {market.statement}
      </h1>
      {result ? (
        <div className="mt-5 sm:max-w-[18rem]">
          <ScoreDial place={result.score} label={t`Score`} />
          <p className="text-center text-sm text-ink-2">
            {t`the score; ${formatPercent(result.confidence)} of the providers’ weight agrees on it`}
          </p>
          <MeasuredNote className="mt-2 text-center" />
        </div>
      ) : (
        crowd !== null && (
          <div className="mt-5 sm:max-w-[18rem]">
            <ScoreDial place={Math.round(crowd / 100)} label={t`Mean stance of the stakes`} />
            <p className="text-center text-sm text-ink-2">
              {t`mean stance by stake; the score comes after closing`}
            </p>
          </div>
        )
      )}
      <dl className="mt-5 grid grid-cols-2 gap-x-8 gap-y-3 sm:flex sm:flex-wrap">
        <Fact label={t`Staked`}>
          <Amount value={market.volume} decimals={collateral.decimals} symbol={collateral.symbol} />
        </Fact>
        <Fact label={t`Opinions`}>{market.opinions}</Fact>
        {market.opinions > 0 && <LargestStake market={market} />}
        <Fact label={now < market.terms.closesAt ? t`Closes` : t`Closed`}>
          <TimeAgo at={market.terms.closesAt} />
        </Fact>
        {isHidden(market.terms) && now < market.revealsUntil && (
          <Fact label={t`Judging starts`}>
            <TimeAgo at={market.revealsUntil} />
          </Fact>
        )}
        <Fact label={t`Fee`}>{formatPercent(market.terms.feeBps)}</Fact>
        <Fact label={t`Prizes`}>{formatPercent(market.terms.prizeBps)}</Fact>
        <Fact label={t`Put up by`}>
          <Creator address={market.terms.creator} puts />
        </Fact>
        <Fact label={t`Market`}>
          <Hash value={market.id} what={t`market id`} />
        </Fact>
      </dl>
      <Share
        title={market.statement}
        picture={`/v1/opinion-markets/${market.id}/card.png`}
        frame={`/embed/opinions/${market.id}`}
      >
        <Link
          to="/opinions/create"
          search={{ like: market.id }}
          className="text-sm text-ink-2 underline underline-offset-4"
        >
          {/* The form puts up what is scored by its own opinions, whatever this one is. */}
          {isFit(market) ? t`Put up one like this` : t`Put up the same statement anew`}
        </Link>
      </Share>
    </header>
  );
}

function Bands({ market, own }: { market: OpinionMarket; own: Opinion | undefined }) {
  const { collateral } = useNetwork();
  const { hidden } = market;
  if (market.opinions === 0)
    return (
      <Empty title={t`Nobody has said anything yet`}>
        {market.status === "open" && isFit(market) && t`The first may be you.`}
      </Empty>
    );
  const allHidden = hidden.opinions === market.opinions;
  if (allHidden)
    return (
      <Empty
        title={
          hidden.opinions === 1 ? t`The only stance is hidden` : t`All ${hidden.opinions} stances are hidden`
        }
      >
        <Trans>
          With <Amount value={hidden.staked} decimals={collateral.decimals} symbol={collateral.symbol} />{" "}
          staked.
        </Trans>
      </Empty>
    );
  return (
    <>
      <BandBars
        bands={market.bands.map(({ staked, opinions }) => ({ staked: BigInt(staked), count: opinions }))}
        score={market.result?.score ?? null}
        own={own?.band ?? null}
        decimals={collateral.decimals}
        symbol={collateral.symbol}
      />
      {hidden.opinions > 0 && (
        <p className="mt-2 text-sm text-ink-2">
          <Trans>
            <Plural value={hidden.opinions} one="# more stance is" other="# more stances are" /> hidden, with{" "}
            <Amount value={hidden.staked} decimals={collateral.decimals} symbol={collateral.symbol} />.
          </Trans>
        </p>
      )}
    </>
  );
}

function OwnOpinion({ market, own }: { market: OpinionMarket; own: Opinion }) {
  return (
    <section className="panel p-4 sm:p-5">
      <h2 className="mb-3 font-bold">{t`Your opinion`}</h2>
      <OpinionList market={market} items={[own]} />
      <TellStance market={market} own={own} />
      <EraseText opinion={own} />
      <ClaimOpinion market={market} opinion={own} />
    </section>
  );
}

function MarketActivity({ id }: { id: string }) {
  const activity = useInfiniteQuery(opinionActivityQuery(id));
  const items = activity.data?.pages.flatMap((page) => page.items) ?? [];
  if (activity.isPending) return <Skeleton lines={3} />;
  if (activity.error && items.length === 0)
    return <Failure error={activity.error} retry={() => void activity.refetch()} />;
  return (
    <>
      <OpinionActivityList items={items} />
      <LoadMore
        more={activity.hasNextPage}
        busy={activity.isFetchingNextPage}
        onMore={() => void activity.fetchNextPage()}
      />
    </>
  );
}
