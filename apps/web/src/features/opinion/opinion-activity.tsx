import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { never } from "@sooth/kernel";
import { stanceOf } from "@sooth/markets/core";
import type { OpinionActivity, OpinionFilters } from "../../api.ts";
import { Amount } from "../../components/figures.tsx";
import { Hash } from "../../components/hash.tsx";
import { TimeAgo } from "../../components/time.tsx";
import { useNetwork } from "../../shell/use-network.ts";
import { useWalletNames } from "../wallet/use-wallet-names.ts";

/** What happened in an opinion market, newest first. */
export function OpinionActivityList({ items }: { items: readonly OpinionActivity[] }) {
  const names = useWalletNames();
  return (
    <ol className="divide-y divide-rule" aria-label={t`Activity, newest first`}>
      {items.map((item) => (
        <li key={item.id} className="grid grid-cols-[minmax(0,1fr)_auto] gap-x-4 py-2.5 text-[0.9375rem]">
          <p className="min-w-0">
            {item.who && (
              <Hash value={item.who} name={names(item.who)} to={{ to: "/opinions", search: whose(item) }} />
            )}{" "}
            <Deed item={item} />
          </p>
          <TimeAgo at={item.at} className="text-sm text-ink-3" />
        </li>
      ))}
    </ol>
  );
}

/** The statements that somebody put up, or staked on. */
const whose = ({ kind, who }: OpinionActivity): OpinionFilters =>
  kind === "announced" || kind === "fee" ? { creator: who ?? undefined } : { staker: who ?? undefined };

function Deed({ item: { kind, amount, band } }: { item: OpinionActivity }) {
  const { collateral } = useNetwork();
  const money = amount !== null && (
    <b>
      <Amount value={amount} decimals={collateral.decimals} symbol={collateral.symbol} />
    </b>
  );
  switch (kind) {
    case "announced":
      return t`put up the statement`;
    case "staked":
      return band === null ? (
        <Trans>staked {money} with a hidden stance</Trans>
      ) : (
        <Trans>
          staked {money} at {stanceOf(band)}
        </Trans>
      );
    case "revealed":
      return <Trans>stood at {band === null ? "" : stanceOf(band)}</Trans>;
    case "scored":
      return (
        <Trans>
          Scored: <b className="num">{amount}</b> of 100
        </Trans>
      );
    case "voided":
      return t`Void: every stake goes back`;
    case "rearmed":
      return t`No seed came: a later round draws`;
    case "forgone":
      return t`No seed came in time: the prizes are shared`;
    case "claimed":
      return <Trans>was paid {money}</Trans>;
    case "prize":
      return <Trans>was paid a prize of {money}</Trans>;
    case "fee":
      return <Trans>collected the fee, {money}</Trans>;
    default:
      return never(kind);
  }
}
