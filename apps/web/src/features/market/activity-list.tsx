import { Link } from "@tanstack/react-router";
import type { Activity } from "../../api.ts";
import { Amount } from "../../components/figures.tsx";
import { Hash } from "../../components/hash.tsx";
import { TimeAgo } from "../../components/time.tsx";
import { useNetwork } from "../../shell/use-network.ts";
import { useWalletNames } from "../wallet/use-wallet-names.ts";

const VERBS: Record<Activity["kind"], string> = {
  asked: "asked the question",
  opened: "opened the market",
  staked: "staked",
  answered: "Answered:",
  reopened: "Too early: the question is open again",
  claimed: "was paid",
  fee: "collected the fee,",
  reward: "The providers got their reward",
};

/** What happened, newest first. `titles` names the market in each row; a market's own page leaves it out. */
export function ActivityList({ items, titles }: { items: readonly Activity[]; titles: boolean }) {
  const { collateral } = useNetwork();
  const names = useWalletNames();
  return (
    <ol className="divide-y divide-rule" aria-label="Activity, newest first">
      {items.map((item) => (
        <li key={item.id} className="grid grid-cols-[minmax(0,1fr)_auto] gap-x-4 py-2.5 text-[0.9375rem]">
          <p className="min-w-0">
            {item.who && <Hash value={item.who} name={names(item.who)} />} {VERBS[item.kind]}{" "}
            {item.amount !== null && (
              <b>
                <Amount value={item.amount} decimals={collateral.decimals} symbol={collateral.symbol} />
              </b>
            )}{" "}
            {item.label !== null && (item.kind === "staked" ? <>on {item.label}</> : <b>{item.label}</b>)}
            {titles && item.title !== null && (
              <span className="block">
                <Subject item={item} />
              </span>
            )}
          </p>
          <TimeAgo at={item.at} className="text-sm text-ink-3" />
        </li>
      ))}
    </ol>
  );
}

function Subject({ item }: { item: Activity }) {
  const look = "text-ink-2 underline decoration-rule-2 underline-offset-4 hover:text-ink";
  if (item.market !== null)
    return (
      <Link to="/markets/$id" params={{ id: item.market }} className={look}>
        {item.title}
      </Link>
    );
  if (item.question !== null)
    return (
      <Link to="/questions/$id" params={{ id: item.question }} className={look}>
        {item.title}
      </Link>
    );
  return item.title;
}
