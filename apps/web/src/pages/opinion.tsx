import { isHidden, MEASURED } from "@sooth/markets/core";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { ApiError, type Opinion, type OpinionMarket } from "../api.ts";
import { BandBars } from "../charts/band-bars.tsx";
import { useNow } from "../clock.ts";
import { LinkButton } from "../components/button.tsx";
import { Amount, Fact } from "../components/figures.tsx";
import { Hash } from "../components/hash.tsx";
import { LoadMore, Section, useTitle } from "../components/page.tsx";
import { Empty, Failure, Skeleton } from "../components/states.tsx";
import { TimeAgo } from "../components/time.tsx";
import { Share } from "../features/market/share.tsx";
import { Comments } from "../features/comments/comments.tsx";
import { ClaimOpinion } from "../features/opinion/claim-opinion.tsx";
import { Digest } from "../features/opinion/digest.tsx";
import { DrawsCheck } from "../features/opinion/draws-check.tsx";
import { OpinionActivityList } from "../features/opinion/opinion-activity.tsx";
import { OpinionBox } from "../features/opinion/opinion-box.tsx";
import { OpinionList } from "../features/opinion/opinion-list.tsx";
import { OpinionRules } from "../features/opinion/opinion-rules.tsx";
import { OpinionStatus, voidWords } from "../features/opinion/opinion-status.tsx";
import { Judging } from "../features/opinion/judging.tsx";
import { ResultView } from "../features/opinion/result-view.tsx";
import { labelsByOwner, type OpinionLabel } from "../features/opinion/sheets.ts";
import { ScoreDial } from "../features/opinion/stance-dial.tsx";
import { TellStance } from "../features/opinion/tell-stance.tsx";
import { useWallet } from "../features/wallet/wallet-context.tsx";
import { formatPercent, formatShare } from "../format/amount.ts";
import {
  judgedQuery,
  opinionActivityQuery,
  opinionMarketQuery,
  opinionsQuery,
  ownOpinionQuery,
} from "../queries.ts";
import { ARTICLES } from "../first-pages.ts";
import { useNetwork } from "../shell/use-network.ts";
import { useMoments } from "../use-moments.ts";
import { NotFoundPage } from "./not-found.tsx";

export function OpinionPage() {
  const { id } = useParams({ from: "/opinions/$id" });
  const market = useQuery(opinionMarketQuery(id));
  useTitle(market.data?.statement);
  if (market.data) return <OpinionView market={market.data} />;
  if (market.error instanceof ApiError && [400, 404].includes(market.error.status))
    return (
      <NotFoundPage
        what="statement"
        back={
          <LinkButton to="/opinions" look="primary">
            All opinions
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
  const judged = useQuery(judgedQuery(question.id, finalAt !== null || market.result !== null)).data;
  const labels = judged && labelsByOwner(judged);
  return (
    <article className={ARTICLES.opinion.article}>
      <Head market={market} />
      <aside aria-label="Your opinion" className="grid content-start gap-5 lg:row-span-3">
        {own && <OwnOpinion market={market} own={own} />}
        {open && !own && <OpinionBox market={market} />}
        {!open && !own && <Closed market={market} />}
      </aside>
      <div className="grid min-w-0 gap-9">
        <Section title="Stakes by stance">
          <Bands market={market} own={own} />
        </Section>
        {market.result && (
          <Section title="Where the money went">
            <ResultView market={market} own={own} />
          </Section>
        )}
        {market.result && (
          <Section title="The draw">
            <DrawsCheck market={market} />
          </Section>
        )}
        {judged && (
          <Section title="How it was judged">
            <Judging judged={judged} />
          </Section>
        )}
        <Digest market={market.id} closed={now >= terms.closesAt} />
        <Section title="Opinions" aside={market.opinions}>
          <Opinions market={market} labels={labels} />
        </Section>
        <Section title="Rules">
          <OpinionRules market={market} />
        </Section>
        <Comments market={market.id} />
        <Section title="Activity">
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
          <ScoreDial place={result.score} label="Score" />
          <p className="text-center text-sm text-ink-2">
            the score, with a confidence of {formatPercent(result.confidence)}
          </p>
          <p className="mt-2 text-center text-sm text-ink-3">
            The analyst that every provider has by itself names the right side for{" "}
            {formatShare(MEASURED.stance * 10_000)} of opinions that it never saw; always naming the commoner
            side does for {formatShare(MEASURED.majority * 10_000)}.
          </p>
        </div>
      ) : (
        crowd !== null && (
          <div className="mt-5 sm:max-w-[18rem]">
            <ScoreDial place={Math.round(crowd / 100)} label="Mean stance of the stakes" />
            <p className="text-center text-sm text-ink-2">
              mean stance by stake; the score comes after closing
            </p>
          </div>
        )
      )}
      <dl className="mt-5 grid grid-cols-2 gap-x-8 gap-y-3 sm:flex sm:flex-wrap">
        <Fact label="Staked">
          <Amount value={market.volume} decimals={collateral.decimals} symbol={collateral.symbol} />
        </Fact>
        <Fact label="Opinions">{market.opinions}</Fact>
        <Fact label={now < market.terms.closesAt ? "Closes" : "Closed"}>
          <TimeAgo at={market.terms.closesAt} />
        </Fact>
        {isHidden(market.terms) && now < market.revealsUntil && (
          <Fact label="Judging starts">
            <TimeAgo at={market.revealsUntil} />
          </Fact>
        )}
        <Fact label="Fee">{formatPercent(market.terms.feeBps)}</Fact>
        <Fact label="Prizes">{formatPercent(market.terms.prizeBps)}</Fact>
        <Fact label="Market">
          <Hash value={market.id} what="market id" />
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
          Put up one like this
        </Link>
      </Share>
    </header>
  );
}

function Bands({ market, own }: { market: OpinionMarket; own: Opinion | undefined }) {
  const { collateral } = useNetwork();
  const { hidden } = market;
  if (market.opinions === 0) return <Empty title="Nobody has said anything yet">The first may be you.</Empty>;
  const allHidden = hidden.opinions === market.opinions;
  const stances = hidden.opinions === 1 ? "stance is" : "stances are";
  if (allHidden)
    return (
      <Empty
        title={
          hidden.opinions === 1 ? "The only stance is hidden" : `All ${hidden.opinions} stances are hidden`
        }
      >
        With <Amount value={hidden.staked} decimals={collateral.decimals} symbol={collateral.symbol} />{" "}
        staked.
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
          {hidden.opinions} more {stances} hidden, with{" "}
          <Amount value={hidden.staked} decimals={collateral.decimals} symbol={collateral.symbol} />.
        </p>
      )}
    </>
  );
}

function OwnOpinion({ market, own }: { market: OpinionMarket; own: Opinion }) {
  return (
    <section className="panel p-4 sm:p-5">
      <h2 className="mb-3 font-bold">Your opinion</h2>
      <OpinionList market={market} items={[own]} />
      <TellStance market={market} own={own} />
      <ClaimOpinion market={market} opinion={own} />
    </section>
  );
}

function Closed({ market }: { market: OpinionMarket }) {
  const { status, finalAt, question } = market;
  return (
    <div className="panel p-4 sm:p-5" role="status">
      <p className="label">Closed</p>
      <p className="mt-1">
        {status === "void"
          ? voidWords(market.voidBecause)
          : status === "settled" || status === "drawing"
            ? "The score is there; what each opinion came to stands below."
            : finalAt === null
              ? "Analysts read the opinions and report a score."
              : "A score is reported, and final unless somebody objects."}
      </p>
      <p className="mt-3 text-sm">
        <Link
          to="/questions/$id"
          params={{ id: question.id }}
          className="font-semibold text-accent underline underline-offset-4"
        >
          How it is judged
        </Link>
      </p>
    </div>
  );
}

function Opinions({
  market,
  labels,
}: {
  market: OpinionMarket;
  labels: ReadonlyMap<string, readonly OpinionLabel[]> | undefined;
}) {
  const opinions = useInfiniteQuery(opinionsQuery(market.id));
  const items = opinions.data?.pages.flatMap((page) => page.items) ?? [];
  if (opinions.isPending) return <Skeleton lines={4} />;
  if (opinions.error && items.length === 0)
    return <Failure error={opinions.error} retry={() => void opinions.refetch()} />;
  return (
    <>
      {items.length === 0 && <p className="text-ink-3">None yet.</p>}
      <OpinionList market={market} items={items} labels={labels} />
      <LoadMore
        more={opinions.hasNextPage}
        busy={opinions.isFetchingNextPage}
        onMore={() => void opinions.fetchNextPage()}
      />
    </>
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
