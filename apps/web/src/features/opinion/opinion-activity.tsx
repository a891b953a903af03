import { never } from "@sooth/kernel";
import { stanceOf } from "@sooth/markets/core";
import type { OpinionActivity } from "../../api.ts";
import { Amount } from "../../components/figures.tsx";
import { Hash } from "../../components/hash.tsx";
import { TimeAgo } from "../../components/time.tsx";
import { useNetwork } from "../../shell/use-network.ts";
import { useWalletNames } from "../wallet/use-wallet-names.ts";

/** What happened in an opinion market, newest first. */
export function OpinionActivityList({ items }: { items: readonly OpinionActivity[] }) {
  const names = useWalletNames();
  return (
    <ol className="divide-y divide-rule" aria-label="Activity, newest first">
      {items.map((item) => (
        <li key={item.id} className="grid grid-cols-[minmax(0,1fr)_auto] gap-x-4 py-2.5 text-[0.9375rem]">
          <p className="min-w-0">
            {item.who && <Hash value={item.who} name={names(item.who)} />} <Deed item={item} />
          </p>
          <TimeAgo at={item.at} className="text-sm text-ink-3" />
        </li>
      ))}
    </ol>
  );
}

function Deed({ item: { kind, amount, band } }: { item: OpinionActivity }) {
  const { collateral } = useNetwork();
  const money = amount !== null && (
    <b>
      <Amount value={amount} decimals={collateral.decimals} symbol={collateral.symbol} />
    </b>
  );
  switch (kind) {
    case "announced":
      return "put up the statement";
    case "staked":
      return (
        <>
          staked {money} {band === null ? "with a hidden stance" : `at ${stanceOf(band)}`}
        </>
      );
    case "revealed":
      return <>stood at {band === null ? "" : stanceOf(band)}</>;
    case "scored":
      return (
        <>
          Scored: <b className="num">{amount}</b> of 100
        </>
      );
    case "voided":
      return "Void: every stake goes back";
    case "rearmed":
      return "No seed came: a later round draws";
    case "forgone":
      return "No seed came in time: the prizes are shared";
    case "claimed":
      return <>was paid {money}</>;
    case "prize":
      return <>was paid a prize of {money}</>;
    case "fee":
      return <>collected the fee, {money}</>;
    default:
      return never(kind);
  }
}
