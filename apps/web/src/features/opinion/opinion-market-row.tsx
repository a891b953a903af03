import { Link } from "@tanstack/react-router";
import type { OpinionMarket } from "../../api.ts";
import { Amount } from "../../components/figures.tsx";
import { Countdown, TimeAgo } from "../../components/time.tsx";
import { useNetwork } from "../../shell/use-network.ts";
import { CrowdBar } from "./crowd-bar.tsx";
import { OpinionStatus } from "./opinion-status.tsx";

/** One statement in a list. The whole row is the link's target; the statement is its name. */
export function OpinionMarketRow({ market }: { market: OpinionMarket }) {
  const { collateral } = useNetwork();
  return (
    <li className="group relative grid grid-cols-[1fr_auto] gap-x-6 gap-y-3 border-b border-rule py-5 hover:bg-surface sm:-mx-4 sm:px-4 md:grid-cols-[minmax(0,1fr)_13rem_8rem]">
      <div className="col-span-2 min-w-0 md:col-span-1">
        <Link
          to="/opinions/$id"
          params={{ id: market.id }}
          className="question text-[1.3rem] after:absolute after:inset-0 group-hover:text-accent"
          dir="auto"
        >
          {market.statement}
        </Link>
        <div className="mt-2 flex flex-wrap items-center gap-x-4 gap-y-1 text-sm text-ink-2">
          <OpinionStatus status={market.status} />
          <When market={market} />
        </div>
      </div>
      <div className="min-w-0 self-center">
        <CrowdBar market={market} />
      </div>
      <dl className="self-center text-right text-sm">
        <dt className="sr-only">Staked</dt>
        <dd className="text-base font-semibold">
          <Amount value={market.volume} decimals={collateral.decimals} symbol={collateral.symbol} short />
        </dd>
        <dt className="sr-only">Opinions</dt>
        <dd className="num text-ink-3">
          {market.opinions} {market.opinions === 1 ? "opinion" : "opinions"}
        </dd>
      </dl>
    </li>
  );
}

function When({ market }: { market: OpinionMarket }) {
  const { status, terms, revealsUntil, finalAt, announcedAt } = market;
  if (status === "open")
    return (
      <span>
        closes in <Countdown at={terms.closesAt} past="a moment" />
      </span>
    );
  if (status === "revealing")
    return (
      <span>
        judged in <Countdown at={revealsUntil} past="a moment" />
      </span>
    );
  if (status === "judging" && finalAt !== null)
    return (
      <span>
        final in <Countdown at={finalAt} past="a moment" />
      </span>
    );
  return (
    <span>
      announced <TimeAgo at={announcedAt} />
    </span>
  );
}
