import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { reasonHash } from "@sooth/oracle/core";
import { Link } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import type { Dispute } from "../../api.ts";
import { useNow } from "../../clock.ts";
import { Button } from "../../components/button.tsx";
import { Amount } from "../../components/figures.tsx";
import { Hash } from "../../components/hash.tsx";
import { useNetwork } from "../../shell/use-network.ts";
import { useWalletNames } from "../wallet/use-wallet-names.ts";
import { AppealDialog } from "./appeal-dialog.tsx";
import { Ladder } from "./ladder.tsx";
import { piecesOf } from "./links.ts";
import { choiceText, isAppealable, standsText } from "./words.ts";
import { sayAnswer } from "../../languages/answer-words.ts";

/** One dispute: who claims what against what, where it stands, whose money is in it, and what may be done. */
export function DisputeCard({ dispute, pausedUntil }: { dispute: Dispute; pausedUntil: number | null }) {
  const { collateral } = useNetwork();
  const nameOf = useWalletNames();
  const now = useNow();
  const [appealing, setAppealing] = useState(false);
  const { stage, outcome, verdict, disputer, juries, deposits } = dispute;
  const [claimLabel, valueLabel] = [sayAnswer(dispute.claimLabel), sayAnswer(dispute.valueLabel)];
  const money = (value: string) => (
    <Amount value={value} decimals={collateral.decimals} symbol={collateral.symbol} short />
  );
  return (
    <article
      className="panel grid gap-5 p-4 sm:p-5"
      aria-label={t`Dispute, ${claimLabel} against ${valueLabel}`}
    >
      <header className="flex flex-wrap items-start justify-between gap-x-6 gap-y-2">
        <div className="min-w-0">
          <p className={`text-sm font-semibold ${stage === "done" ? "text-ink" : "text-gold"}`}>
            {standsText(dispute)}
          </p>
          <p className="question mt-1 text-xl" dir="auto">
            <Trans>
              {claimLabel} <span className="text-ink-3">against</span> {valueLabel}
            </Trans>
          </p>
          <p className="text-sm text-ink-2">
            <Trans>
              disputed by <Hash value={disputer} name={nameOf(disputer)} /> with {money(dispute.deposit)}
            </Trans>
          </p>
        </div>
        {isAppealable(dispute, now) && (
          <Button
            look="primary"
            size="small"
            aria-haspopup="dialog"
            onClick={() => setAppealing(true)}
          >{t`Appeal`}</Button>
        )}
      </header>
      {verdict !== 0 && outcome === null && (
        <p className="text-[0.9375rem]">
          <Trans>
            As it stands: <b>{choiceText(verdict, dispute)}</b>.
          </Trans>
        </p>
      )}
      {dispute.reason && <Reason reason={dispute.reason} />}
      <Ladder steps={dispute.ladder} pausedUntil={pausedUntil} />
      <AppealReasons dispute={dispute} />
      {juries.length > 0 && (
        <p className="flex flex-wrap gap-x-5 gap-y-1 text-[0.9375rem]">
          {juries.map((jury, index) => (
            <Link
              key={jury}
              to="/juries/$id"
              params={{ id: jury }}
              className="font-semibold text-accent underline underline-offset-4"
            >
              {juries.length === 1 ? t`The jury and its votes` : t`Jury ${index + 1} and its votes`}
            </Link>
          ))}
        </p>
      )}
      {deposits.length > 0 && (
        <details open={dispute.spent !== null}>
          <summary className="w-fit text-sm font-semibold text-accent">
            {dispute.spent === null ? t`Deposits (${deposits.length})` : t`Where the deposits went`}
          </summary>
          <ul className="mt-2 divide-y divide-rule text-[0.9375rem]">
            {deposits.map(({ who, amount, side, awarded }) => (
              <li
                key={`${who}:${side}:${amount}`}
                className="flex flex-wrap items-baseline justify-between gap-x-4 py-2"
              >
                <span className="min-w-0">
                  <Trans>
                    <Hash value={who} name={nameOf(who)} /> backs {choiceText(side === 0 ? 2 : side, dispute)}
                  </Trans>
                </span>
                <span className="num">
                  {money(amount)}
                  {awarded !== null &&
                    (awarded === "0" ? (
                      <span className="text-bad">, {t`lost`}</span>
                    ) : (
                      <span className="text-accent">
                        , <Trans>got {money(awarded)}</Trans>
                      </span>
                    ))}
                </span>
              </li>
            ))}
          </ul>
          {dispute.spent !== null && <Spent spent={dispute.spent} />}
        </details>
      )}
      {appealing && <AppealDialog dispute={dispute} onClose={() => setAppealing(false)} />}
    </article>
  );
}

/** Why each of those who appealed says that he did. */
export function AppealReasons({ dispute }: { dispute: Dispute }) {
  const nameOf = useWalletNames();
  return dispute.appeals.map(
    ({ who, choice, transaction, reason }) =>
      reason && (
        <Reason
          key={transaction}
          reason={reason}
          whose={t`in the words of who backs ${choiceText(choice, dispute)},`}
          by={<Hash value={who} name={nameOf(who)} />}
        />
      ),
  );
}

/**
 * What somebody says why. It is his word alone, and shown as text: of its addresses each leads where it says, and no page that it
 * opens learns where from. The text is held against its hash: a server that changed it is told of.
 */
export function Reason({
  reason,
  whose = t`in the disputer's words`,
  by,
}: {
  reason: NonNullable<Dispute["reason"]>;
  whose?: string;
  by?: ReactNode;
}) {
  const isChanged = reason.text !== null && reasonHash(reason.text) !== reason.hash;
  return (
    <div className="text-[0.9375rem]">
      <p className="text-sm font-semibold">
        <Trans>
          Why, {whose} {by} <Hash value={reason.hash} what={t`hash of the reason`} />
        </Trans>
      </p>
      {isChanged && (
        <p
          role="alert"
          className="text-bad"
        >{t`This is not the text whose hash the chain logged: somebody changed it.`}</p>
      )}
      {reason.text === null ? (
        <p className="text-ink-2">{t`The text is not kept here.`}</p>
      ) : (
        <p className="mt-1 whitespace-pre-wrap break-words" dir="auto">
          <Linked text={reason.text} />
        </p>
      )}
    </div>
  );
}

function Linked({ text }: { text: string }) {
  let at = 0;
  return piecesOf(text).map((piece) => {
    const key = at;
    at += piece.text.length;
    if (piece.href === null) return <span key={key}>{piece.text}</span>;
    return (
      <a
        key={key}
        href={piece.href}
        target="_blank"
        rel="noopener noreferrer nofollow"
        className="text-accent underline underline-offset-4 break-all"
      >
        {piece.text}
      </a>
    );
  });
}

/** What of the deposits came back to nobody, and who has it. */
function Spent({ spent }: { spent: NonNullable<Dispute["spent"]> }) {
  const { collateral } = useNetwork();
  const parts = [
    { to: t`to the jurors who voted with the outcome`, amount: spent.jurors },
    { to: t`to the providers who signed the answer`, amount: spent.signers },
    { to: t`to the insurance fund`, amount: spent.insurance },
  ].filter(({ amount }) => amount !== "0");
  if (parts.length === 0) return null;
  return (
    <ul className="divide-y divide-rule border-t border-rule text-[0.9375rem] text-ink-2">
      {parts.map(({ to, amount }) => (
        <li key={to} className="flex flex-wrap items-baseline justify-between gap-x-4 py-2">
          <span className="min-w-0">{to}</span>
          <Amount value={amount} decimals={collateral.decimals} symbol={collateral.symbol} short />
        </li>
      ))}
    </ul>
  );
}
