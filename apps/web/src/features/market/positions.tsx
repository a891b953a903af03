import { i18n, type MessageDescriptor } from "@lingui/core";
import { msg, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import type { Position } from "../../api.ts";
import { Amount } from "../../components/figures.tsx";
import { useNetwork } from "../../shell/use-network.ts";
import { sayAnswer } from "../../languages/answer-words.ts";

const STATES: Record<Position["state"], MessageDescriptor> = {
  open: msg`open`,
  won: msg`won`,
  lost: msg`lost`,
  refund: msg`refund`,
  claimed: msg`paid out`,
};

/** What one owner holds. `titles` names each position's market. */
export function PositionList({ positions, titles }: { positions: readonly Position[]; titles: boolean }) {
  const { collateral } = useNetwork();
  const { decimals, symbol } = collateral;
  return (
    <ul className="divide-y divide-rule">
      {positions.map((position) => (
        <li
          key={`${position.market.id}:${position.outcome}`}
          className="grid grid-cols-[minmax(0,1fr)_auto] gap-x-4 gap-y-1 py-3"
        >
          <div className="min-w-0">
            {titles && (
              <Link
                to="/markets/$id"
                params={{ id: position.market.id }}
                className="question text-lg hover:text-accent"
              >
                {position.market.title}
              </Link>
            )}
            <p className="text-[0.9375rem]">
              <Trans>
                <b>{sayAnswer(position.label)}</b>,{" "}
                <Amount value={position.staked} decimals={decimals} symbol={symbol} /> staked
              </Trans>
            </p>
          </div>
          <p className="text-right text-[0.9375rem]">
            <Outcome position={position} decimals={decimals} symbol={symbol} />
          </p>
        </li>
      ))}
    </ul>
  );
}

function Outcome({ position, decimals, symbol }: { position: Position; decimals: number; symbol: string }) {
  const row = (label: string, value: string, strong: boolean) => (
    <>
      <span className="label block">{label}</span>
      <Amount
        value={value}
        decimals={decimals}
        symbol={symbol}
        className={strong ? "font-bold text-accent" : ""}
      />
    </>
  );
  switch (position.state) {
    case "open":
      return row(t`pays now, if it wins`, position.wouldPay, false);
    case "won":
    case "refund":
      return row(i18n._(STATES[position.state]), position.claimable, true);
    case "claimed":
      return row(t`paid out`, position.claimed, true);
    case "lost":
      return row(t`lost`, position.staked, false);
  }
}
