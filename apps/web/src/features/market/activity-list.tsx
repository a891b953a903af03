import { never } from "@sooth/kernel";
import { Link } from "@tanstack/react-router";
import type { Activity } from "../../api.ts";
import { Amount } from "../../components/figures.tsx";
import { Hash } from "../../components/hash.tsx";
import { TimeAgo } from "../../components/time.tsx";
import { useNetwork } from "../../shell/use-network.ts";
import { useWalletNames } from "../wallet/use-wallet-names.ts";

/** What happened, newest first. `titles` names the market in each row; a market's own page leaves it out. */
export function ActivityList({ items, titles }: { items: readonly Activity[]; titles: boolean }) {
  const names = useWalletNames();
  return (
    <ol className="divide-y divide-rule" aria-label="Activity, newest first">
      {items.map((item) => (
        <li key={item.id} className="grid grid-cols-[minmax(0,1fr)_auto] gap-x-4 py-2.5 text-[0.9375rem]">
          <p className="min-w-0">
            {item.who && <Hash value={item.who} name={names(item.who)} />} <Deed item={item} />
            {titles && item.title !== null && (
              <span className="mt-0.5 line-clamp-2 text-sm">
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

/** What was done, in the words of its kind. */
function Deed({ item }: { item: Activity }) {
  const { collateral } = useNetwork();
  const amount = item.amount !== null && (
    <b>
      <Amount value={item.amount} decimals={collateral.decimals} symbol={collateral.symbol} />
    </b>
  );
  switch (item.kind) {
    case "asked":
      return amount ? <>asked the question, for a reward of {amount}</> : "asked the question";
    case "opened":
      return "opened the market";
    case "staked":
      return (
        <>
          staked {amount} on {item.label}
        </>
      );
    case "answered":
      return (
        <>
          Answered: <b>{item.label}</b>
        </>
      );
    case "reopened":
      return "Too early: the question is open again";
    case "claimed":
      return (
        <>
          was paid {amount} for {item.label}
        </>
      );
    case "fee":
      return <>collected the fee, {amount}</>;
    case "reward":
      return amount ? <>The providers shared the reward, {amount}</> : "The reward was settled";
    case "refund":
      return amount ? <>No answer: the reward went back to the asker, {amount}</> : "The reward went back";
    case "opinion_announced":
      return "put up the statement";
    case "opinion_staked":
      return (
        <>
          staked {amount} {item.label === null ? "with a hidden stance" : `at ${item.label}`}
        </>
      );
    case "opinion_revealed":
      return <>stood at {item.label}</>;
    case "opinion_scored":
      return (
        <>
          Scored: <b className="num">{item.label}</b> of 100
        </>
      );
    case "opinion_voided":
      return "Void: every stake goes back";
    case "opinion_rearmed":
      return "No seed came: a later round draws";
    case "opinion_forgone":
      return "No seed came in time: the prizes are shared";
    case "opinion_claimed":
      return <>was paid {amount}</>;
    case "opinion_prize":
      return <>was paid a prize of {amount}</>;
    case "opinion_fee":
      return <>collected the fee, {amount}</>;
    default:
      return never(item.kind);
  }
}

function Subject({ item }: { item: Activity }) {
  const look = "text-ink-2 underline decoration-rule-2 underline-offset-4 hover:text-ink";
  if (item.market !== null && item.kind.startsWith("opinion_"))
    return (
      <Link to="/opinions/$id" params={{ id: item.market }} className={look}>
        {item.title}
      </Link>
    );
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
