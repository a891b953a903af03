import { useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { api, type Call, type Position } from "../../api.ts";
import { announce } from "../../components/announcer.tsx";
import { Button } from "../../components/button.tsx";
import { Amount } from "../../components/figures.tsx";
import { useNetwork } from "../../shell/use-network.ts";
import { callSteps } from "../steps/call-steps.ts";
import { StepList } from "../steps/step-list.tsx";
import { useSteps } from "../steps/use-steps.ts";
import { useWallet } from "../wallet/wallet-context.tsx";

const STATES: Record<Position["state"], string> = {
  open: "open",
  won: "won",
  lost: "lost",
  refund: "refund",
  claimed: "paid out",
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
              <b>{position.label}</b>, <Amount value={position.staked} decimals={decimals} symbol={symbol} />{" "}
              staked
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
      return row("pays now, if it wins", position.wouldPay, false);
    case "won":
    case "refund":
      return row(STATES[position.state], position.claimable, true);
    case "claimed":
      return row("paid out", position.claimed, true);
    case "lost":
      return row("lost", position.staked, false);
  }
}

/** One button for everything that can be claimed: one wallet action a market, or one for all where the wallet can. */
export function ClaimButton({ owner, positions }: { owner: string; positions: readonly Position[] }) {
  const { collateral } = useNetwork();
  const wallet = useWallet();
  const client = useQueryClient();
  const steps = useSteps();
  const claimable = positions.filter((position) => BigInt(position.claimable) > 0n);
  const total = claimable.reduce((sum, { claimable }) => sum + BigInt(claimable), 0n);
  const markets = [...new Set(claimable.map(({ market }) => market.id))];
  if (total === 0n && steps.views.length === 0) return null;

  const claim = async () => {
    await steps.runPrepared({
      title: "Prepare the claims",
      prepare: async () => callSteps(wallet, (await Promise.all(markets.map(claimsOf))).flat()),
      onDone: () => announce("Paid out"),
    });
    for (const key of ["portfolio", "balance", "market", "activity"])
      void client.invalidateQueries({ queryKey: [key] });
  };
  const claimsOf = async (id: string): Promise<Call[]> => {
    const title = claimable.find(({ market }) => market.id === id)?.market.title ?? id;
    const { calls } = await api.prepareClaims({ id, owner });
    return calls.map((call) => ({ ...call, purpose: `Claim “${title}”` }));
  };

  return (
    <div className="grid gap-3">
      {total > 0n && (
        <Button look="primary" busy={steps.preparing || steps.running} onClick={() => void claim()}>
          Claim {markets.length > 1 && "all, "}
          <Amount value={total} decimals={collateral.decimals} symbol={collateral.symbol} />
        </Button>
      )}
      <StepList steps={steps} />
    </div>
  );
}
