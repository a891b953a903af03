import "../features/bundle/error-words.ts";
import { plural, t } from "@lingui/core/macro";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { ApiError, type BundleDetail } from "../api.ts";
import { LinkButton } from "../components/button.tsx";
import { Fact } from "../components/figures.tsx";
import { Hash } from "../components/hash.tsx";
import { Section, useTitle } from "../components/page.tsx";
import { Failure, Skeleton } from "../components/states.tsx";
import { Status } from "../components/status.tsx";
import { TimeAgo } from "../components/time.tsx";
import { Attested } from "../features/bundle/attested.tsx";
import { ChainClocks } from "../features/bundle/chain-clocks.tsx";
import { Coin } from "../features/bundle/coin.tsx";
import { CostFacts } from "../features/bundle/cost-facts.tsx";
import { FeeBox } from "../features/bundle/fee-box.tsx";
import { LegGraph } from "../features/bundle/leg-graph.tsx";
import { legElementId, LegList } from "../features/bundle/leg-list.tsx";
import { Pledges } from "../features/bundle/pledges.tsx";
import { Transactions } from "../features/bundle/transactions.tsx";
import { TrialList } from "../features/bundle/trial-list.tsx";
import { TurnBox } from "../features/bundle/turn-box.tsx";
import { useTrial } from "../features/bundle/use-trial.ts";
import { modeWords, statusSentence, statusWords } from "../features/bundle/words.ts";
import { useWalletNames } from "../features/wallet/use-wallet-names.ts";
import { ARTICLES } from "../first-pages.ts";
import { shortHex } from "../format/hex.ts";
import { bundleQuery } from "../queries.ts";
import { NotFoundPage } from "./not-found.tsx";

export function BundlePage() {
  const { id } = useParams({ from: "/bundles/$id" });
  const { data, error, refetch, dataUpdatedAt } = useQuery(bundleQuery(id));
  useTitle(t`Bundle ${shortHex(id)}`);
  if (data) return <BundleView bundle={data} asked={dataUpdatedAt} />;
  if (error instanceof ApiError && [400, 404].includes(error.status))
    return (
      <NotFoundPage
        what="bundle"
        back={
          <LinkButton to="/bundles" look="primary">
            {t`All bundles`}
          </LinkButton>
        }
      />
    );
  if (error) return <Failure error={error} retry={() => void refetch()} />;
  return <Skeleton lines={9} />;
}

function BundleView({ bundle, asked }: { bundle: BundleDetail; asked: number }) {
  const failing = useTrial(bundle);
  return (
    <article className={ARTICLES.bundle.article}>
      <div className="grid min-w-0 content-start gap-8">
        <Head bundle={bundle} failing={failing.map(({ place }) => place)} />
        <Section title={t`Legs`} aside={bundle.legs}>
          <LegGraph bundle={bundle} onPick={showLeg} />
          {failing.length > 0 && (
            <div
              role="status"
              className="mt-4 rounded-md border border-gold/60 bg-gold-wash p-3 text-[0.9375rem]"
            >
              <p className="mb-1 font-semibold">
                {bundle.mode === "escrowed" ? t`What is missing until all can be held` : t`Tried just now`}
              </p>
              <TrialList failing={failing} shown={bundle.shown} />
            </div>
          )}
        </Section>
      </div>
      <aside className="grid content-start gap-8 lg:row-span-2" aria-label={t`Your turn, and the clocks`}>
        <Section title={t`Your turn`}>
          <TurnBox bundle={bundle} />
        </Section>
        <Section title={t`Clocks`}>
          <ChainClocks bundle={bundle} asked={asked} />
        </Section>
        <Section title={t`What it costs`}>
          <CostFacts bundle={bundle} />
          <FeeBox bundle={bundle} />
        </Section>
      </aside>
      <div className="grid min-w-0 content-start gap-9">
        <Section title={t`Leg by leg`}>
          <LegList bundle={bundle} />
        </Section>
        <Section title={t`What is promised`} aside={modeWords(bundle.mode).name}>
          <Pledges pledges={bundle.pledges} />
        </Section>
        <Section title={t`Attested`}>
          <Attested bundle={bundle} />
        </Section>
        <Section title={t`Transactions`}>
          <Transactions bundle={bundle} />
        </Section>
      </div>
    </article>
  );
}

/** Opens what is known of a leg, and goes there. */
function showLeg(place: number): void {
  const details = document.querySelector<HTMLDetailsElement>(`#${legElementId(place)}`);
  if (!details) return;
  details.open = true;
  details.scrollIntoView({ block: "center" });
  details.querySelector("summary")?.focus({ preventScroll: true });
}

function Head({ bundle, failing }: { bundle: BundleDetail; failing: readonly number[] }) {
  const names = useWalletNames();
  const { mode, legs, status, owner, id, openedAt } = bundle;
  return (
    <header className="min-w-0">
      <Status {...statusWords(status, failing)} />
      <h1 className={ARTICLES.bundle.title}>
        {t`${modeWords(mode).name} bundle of ${plural(legs, { one: "# leg", other: "# legs" })}`}
      </h1>
      <p className="mt-2 max-w-[62ch] text-ink-2" role="status">
        {statusSentence(status, failing)}
      </p>
      <dl className="mt-5 grid grid-cols-2 gap-x-8 gap-y-3 sm:flex sm:flex-wrap">
        <Fact label={t`Id`}>
          <Hash value={id} what={t`id`} />
        </Fact>
        <Fact label={t`Owner`}>
          <Hash value={owner} name={names(owner)} />
        </Fact>
        <Fact label={t`Fee`}>
          <Coin wei={bundle.fee} />
        </Fact>
        {openedAt !== null && (
          <Fact label={t`Opened`}>
            <TimeAgo at={openedAt} />
          </Fact>
        )}
      </dl>
    </header>
  );
}
