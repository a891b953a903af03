import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import type { OpinionMarket } from "../../api.ts";
import { Amount } from "../../components/figures.tsx";
import { formatDuration } from "../../format/time.ts";
import { isFit } from "./do-not-stake.tsx";
import { useNetwork } from "../../shell/use-network.ts";

/** What is staked against what the answer secures. The contract takes any sum: more than that came past this server. */
export function SecuredStakes({ market }: { market: OpinionMarket }) {
  const { collateral } = useNetwork();
  const [secures, volume] = [BigInt(market.secures), BigInt(market.volume)];
  const over = volume > secures;
  const part = secures === 0n ? (over ? 100 : 0) : Number((volume * 100n) / secures);
  return (
    <div className="max-w-[68ch] text-[0.9375rem]">
      <p>
        <Trans>
          The answer secures <Amount value={secures} {...collateral} />: whoever signs it stakes three times
          as much. It can be objected to for {formatDuration(market.question.liveness)} at least.
        </Trans>
      </p>
      <div className="mt-2 h-1.5 rounded-full bg-sunken" aria-hidden="true">
        <div
          className={`h-full rounded-full ${over ? "bg-bad" : "bg-accent"}`}
          style={{ width: `${Math.min(100, part)}%` }}
        />
      </div>
      <p className={`num mt-1 text-sm ${over ? "font-semibold text-bad" : "text-ink-3"}`}>
        {over ? (
          <Trans>
            <Amount value={volume} {...collateral} /> is staked, more than the answer secures: the contract
            takes what is sent past this server.
          </Trans>
        ) : market.status !== "open" || !isFit(market) ? (
          <Trans>
            <Amount value={volume} {...collateral} /> is staked; this page takes no more
          </Trans>
        ) : (
          <Trans>
            <Amount value={volume} {...collateral} /> is staked, there is room for{" "}
            <Amount value={market.room} {...collateral} /> more
          </Trans>
        )}
      </p>
      <Link
        to="/questions/$id"
        params={{ id: market.question.id }}
        className="text-sm text-ink-2 underline underline-offset-4"
      >
        {t`Who stands behind the answer`}
      </Link>
    </div>
  );
}

/** In place of the box where not even the smallest stake fits any more. */
export function NoRoom({ market }: { market: OpinionMarket }) {
  const { collateral } = useNetwork();
  return (
    <section className="panel grid gap-2 p-4 sm:p-5">
      <h2 className="font-bold">{t`No more is taken here`}</h2>
      <p className="text-ink-2">
        <Trans>
          As much is staked as the answer of this market secures,{" "}
          <Amount value={market.secures} {...collateral} />. Another market on the same statement may have
          room.
        </Trans>
      </p>
      <Link
        to="/opinions/create"
        search={{ like: market.id }}
        className="text-sm font-semibold text-accent underline underline-offset-4"
      >
        {t`Put up one like this`}
      </Link>
    </section>
  );
}
