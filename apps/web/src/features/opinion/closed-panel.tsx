import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { never } from "@sooth/kernel";
import { scoreOf } from "@sooth/markets/core";
import { Link } from "@tanstack/react-router";
import type { OpinionMarket } from "../../api.ts";
import { useNow } from "../../clock.ts";
import { Countdown } from "../../components/time.tsx";
import { formatPercent } from "../../format/amount.ts";
import { formatAbsolute } from "../../format/time.ts";
import { type Foreseen, foreseenVoid } from "./foreseen.ts";
import { MeasuredNote } from "./measured-note.tsx";
import { voidWords } from "./opinion-status.tsx";

/** What happens with a market that takes no more opinions: the score that is proposed, until when one may object, what will void it. */
export function ClosedPanel({ market }: { market: OpinionMarket }) {
  const now = useNow();
  const foreseen = foreseenVoid(market, now);
  return (
    <div className="panel p-4 sm:p-5" role="status">
      <p className="label">{t`Closed`}</p>
      <p className="mt-1">{stateWords(market)}</p>
      {market.status === "judging" && <Proposed market={market} />}
      {foreseen && (
        <p className="mt-3 rounded-md bg-gold-wash px-3 py-2 text-[0.9375rem]">{foreseenWords(foreseen)}</p>
      )}
      <p className="mt-3 text-sm">
        <Link
          to="/questions/$id"
          params={{ id: market.question.id }}
          className="font-semibold text-accent underline underline-offset-4"
        >
          {t`How it is judged`}
        </Link>
      </p>
    </div>
  );
}

function stateWords({ status, finalAt, question, voidBecause }: OpinionMarket): string {
  if (status === "void") return voidWords(voidBecause);
  if (status === "settled" || status === "drawing")
    return t`The score is there; what each opinion came to stands below.`;
  if (question.status === "disputed")
    return t`Somebody objected to the score that is proposed: it is decided anew.`;
  return finalAt === null
    ? t`Analysts read the opinions and report a score.`
    : t`A score is reported, and final unless somebody objects.`;
}

/** The answer as it stands; nothing before there is one. */
function Proposed({ market: { question, finalAt, terms } }: { market: OpinionMarket }) {
  const now = useNow();
  if (question.value === null) return null;
  const isDue = finalAt !== null && now < finalAt;
  return (
    <>
      <dl className="mt-3 grid grid-cols-[1fr_auto] gap-x-4 gap-y-1.5">
        <dt>{question.status === "final" ? t`Score` : t`Proposed score`}</dt>
        <dd className="num text-right font-semibold">
          <Trans>{scoreOf(BigInt(question.value))} of 100</Trans>
        </dd>
        {question.confidence !== null && (
          <>
            <dt>{t`Providers that agree, by weight`}</dt>
            <dd className="num text-right">
              <Trans>
                {formatPercent(question.confidence)}, at least {formatPercent(terms.minConfidence)} needed
              </Trans>
            </dd>
          </>
        )}
        {isDue && (
          <>
            <dt>{t`Anybody may object for`}</dt>
            <dd className="text-right font-semibold">
              <Countdown at={finalAt} past={t`no time more`} />
            </dd>
          </>
        )}
      </dl>
      {isDue && (
        <p className="mt-2 text-sm text-ink-2">
          <Trans>
            until <span className="num">{formatAbsolute(finalAt)}</span>, with a deposit, on the page of the
            question.
          </Trans>
        </p>
      )}
      <MeasuredNote className="mt-3" />
    </>
  );
}

function foreseenWords(why: Foreseen): string {
  switch (why) {
    case "empty":
      return t`Nobody said anything, so there is nothing to score. It will be void.`;
    case "unanswered":
      return t`No quorum of providers came to a score in time. As it stands it will be void, and everybody has the stake back.`;
    case "invalid":
      return t`Its question ended without a valid answer. It will be void, and everybody has the stake back.`;
    case "confidence":
      return t`Fewer providers agree on the score than the terms want. As it stands it will be void, and everybody has the stake back.`;
    case "weights":
      return t`By this score nobody would be paid. As it stands it will be void, and everybody has the stake back.`;
    default:
      return never(why);
  }
}
