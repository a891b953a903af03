import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { never } from "@sooth/kernel";
import { Link } from "@tanstack/react-router";
import type { Activity } from "../../api.ts";
import { Amount } from "../../components/figures.tsx";
import { Hash } from "../../components/hash.tsx";
import { TimeAgo } from "../../components/time.tsx";
import { useNetwork } from "../../shell/use-network.ts";
import { useWalletNames } from "../wallet/use-wallet-names.ts";
import { sayAnswer } from "../../languages/answer-words.ts";

/** What happened, newest first. `titles` names the market in each row; a market's own page leaves it out. */
export function ActivityList({ items, titles }: { items: readonly Activity[]; titles: boolean }) {
  const names = useWalletNames();
  return (
    <ol className="divide-y divide-rule" aria-label={t`Activity, newest first`}>
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
      return amount ? <Trans>asked the question, for a reward of {amount}</Trans> : t`asked the question`;
    case "opened":
      return t`opened the market`;
    case "staked":
      return (
        <Trans>
          staked {amount} on {sayAnswer(item.label ?? "")}
        </Trans>
      );
    case "answered":
      return (
        <Trans>
          Answered: <b>{sayAnswer(item.label ?? "")}</b>
        </Trans>
      );
    case "reopened":
      return t`Too early: the question is open again`;
    case "claimed":
      return (
        <Trans>
          was paid {amount} for {sayAnswer(item.label ?? "")}
        </Trans>
      );
    case "fee":
      return <Trans>collected the fee, {amount}</Trans>;
    case "reward":
      return amount ? <Trans>The providers shared the reward, {amount}</Trans> : t`The reward was settled`;
    case "refund":
      return amount ? (
        <Trans>No answer: the reward went back to the asker, {amount}</Trans>
      ) : (
        t`The reward went back`
      );
    case "opinion_announced":
      return t`put up the statement`;
    case "opinion_staked":
      return item.label === null ? (
        <Trans>staked {amount} with a hidden stance</Trans>
      ) : (
        <Trans>
          staked {amount} at {item.label}
        </Trans>
      );
    case "opinion_revealed":
      return <Trans>stood at {item.label}</Trans>;
    case "opinion_scored":
      return (
        <Trans>
          Scored: <b className="num">{item.label}</b> of 100
        </Trans>
      );
    case "opinion_voided":
      return t`Void: every stake goes back`;
    case "opinion_rearmed":
      return t`No seed came: a later round draws`;
    case "opinion_forgone":
      return t`No seed came in time: the prizes are shared`;
    case "opinion_claimed":
      return <Trans>was paid {amount}</Trans>;
    case "opinion_prize":
      return <Trans>was paid a prize of {amount}</Trans>;
    case "opinion_fee":
      return <Trans>collected the fee, {amount}</Trans>;
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
