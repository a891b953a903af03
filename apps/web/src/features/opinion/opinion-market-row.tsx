import { t } from "@lingui/core/macro";
import { Plural, Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import type { ListedOpinionMarket, OpinionMarket } from "../../api.ts";
import { Amount } from "../../components/figures.tsx";
import { Countdown, TimeAgo } from "../../components/time.tsx";
import { LIST } from "../../first-pages.ts";
import { useNetwork } from "../../shell/use-network.ts";
import { CrowdBar } from "./crowd-bar.tsx";
import { OpinionStatus } from "./opinion-status.tsx";

/** One statement in a list. The whole row is the link's target; the statement is its name. */
export function OpinionMarketRow({ market }: { market: ListedOpinionMarket }) {
  const { collateral } = useNetwork();
  return (
    <li className={LIST.row}>
      <div className={LIST.words}>
        <Link to="/opinions/$id" params={{ id: market.id }} className={LIST.name} dir="auto">
          {market.statement}
        </Link>
        <div className={LIST.state}>
          <OpinionStatus status={market.status} />
          {market.readsElsewhere !== null && (
            <span className="font-semibold text-bad">{t`Not scored by its opinions`}</span>
          )}
          {market.readsElsewhere === null && market.undersecured !== null && (
            <span className="font-semibold text-bad">{t`Too little behind its score`}</span>
          )}
          <When market={market} />
        </div>
        {market.found?.opinion && <Argued excerpt={market.found.opinion.excerpt} />}
        {market.found?.by && <FoundBy words={market.found.by} />}
      </div>
      <div className="min-w-0 self-center">
        <CrowdBar market={market} />
      </div>
      <dl className="self-center text-right text-sm">
        <dt className="sr-only">{t`Staked`}</dt>
        <dd className="text-base font-semibold">
          <Amount value={market.volume} decimals={collateral.decimals} symbol={collateral.symbol} short />
        </dd>
        <dt className="sr-only">{t`Opinions`}</dt>
        <dd className="num text-ink-3">
          <Plural value={market.opinions} one="# opinion" other="# opinions" />
        </dd>
      </dl>
    </li>
  );
}

/** A piece of the opinion in which it was found, with the words that were looked for. */
function Argued({
  excerpt,
}: {
  excerpt: NonNullable<NonNullable<ListedOpinionMarket["found"]>["opinion"]>["excerpt"];
}) {
  return (
    <p className="mt-2 border-l-2 border-rule-2 pl-3 text-[0.9375rem] break-words text-ink-2">
      <span className="sr-only">{t`In an opinion:`} </span>
      <q dir="auto">
        {excerpt.map(({ text, marked }, index) => {
          // A piece never changes, nor do its parts change places.
          const key = `${index} ${text}`;
          return marked ? (
            <mark key={key} className="bg-transparent font-semibold text-ink">
              {text}
            </mark>
          ) : (
            <span key={key}>{text}</span>
          );
        })}
      </q>
    </p>
  );
}

/** More than these tell no more. */
const MOST_WORDS = 3;

/** Nobody said what was searched for: which words of it have to do with that, as they stand there. */
function FoundBy({ words }: { words: readonly string[] }) {
  if (words.length === 0) return null;
  const by = words.slice(0, MOST_WORDS).join(", ");
  return (
    <p className="mt-1.5 text-sm text-ink-3" dir="auto">
      {t`Found by “${by}”`}
    </p>
  );
}

function When({ market }: { market: OpinionMarket }) {
  const { status, terms, revealsUntil, finalAt, announcedAt } = market;
  if (status === "open")
    return (
      <span>
        <Trans>
          closes in <Countdown at={terms.closesAt} past={t`a moment`} />
        </Trans>
      </span>
    );
  if (status === "revealing")
    return (
      <span>
        <Trans>
          judged in <Countdown at={revealsUntil} past={t`a moment`} />
        </Trans>
      </span>
    );
  if (status === "judging" && finalAt !== null)
    return (
      <span>
        <Trans>
          final in <Countdown at={finalAt} past={t`a moment`} />
        </Trans>
      </span>
    );
  return (
    <span>
      <Trans>
        announced <TimeAgo at={announcedAt} />
      </Trans>
    </span>
  );
}
