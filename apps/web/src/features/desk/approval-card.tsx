import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { approvalWarnings } from "@sooth/markets/core";
import { sameAddress } from "@sooth/kernel";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { Approval } from "../../api.ts";
import { Amount, Fact } from "../../components/figures.tsx";
import { Hash } from "../../components/hash.tsx";
import { AlertIcon, CheckIcon } from "../../components/icons.tsx";
import { Skeleton } from "../../components/states.tsx";
import { Status } from "../../components/status.tsx";
import { Countdown, TimeAgo } from "../../components/time.tsx";
import { formatPercent } from "../../format/amount.ts";
import { judgedQuery } from "../../queries.ts";
import { useNetwork } from "../../shell/use-network.ts";
import { Judging } from "../opinion/judging.tsx";
import { MeasuredNote } from "../opinion/measured-note.tsx";
import type { Judged } from "../opinion/sheets.ts";
import { ScoreDial } from "../opinion/stance-dial.tsx";
import { useWalletNames } from "../wallet/use-wallet-names.ts";
import { Labels } from "./labels.tsx";
import { Relabelled } from "./relabelled.tsx";
import { SignApproval } from "./sign-approval.tsx";
import { warningWords } from "./warning-words.ts";

/** One result that waits: what it is, what it rests on, what to look at, and who signed. */
export function ApprovalCard({ approval }: { approval: Approval }) {
  const { collateral } = useNetwork();
  const { result, market, statement, state, question } = approval;
  const judged = useQuery(judgedQuery(question, true));
  if (result === null) return null;
  return (
    <article className="grid grid-cols-[minmax(0,1fr)] gap-x-12 gap-y-6 border-b border-rule py-7 lg:grid-cols-[minmax(0,1fr)_21rem] lg:grid-rows-[auto_1fr]">
      <header className="min-w-0">
        <Status
          {...(state === "approved"
            ? { tone: "live", text: t`Approved, to be written down` }
            : { tone: "wait", text: t`Waits for signatures` })}
        />
        <h2 className="question mt-1 text-2xl" dir="auto">
          <Link to="/opinions/$id" params={{ id: market }} className="hover:text-accent">
            {statement}
          </Link>
        </h2>
        <dl className="mt-4 grid grid-cols-2 gap-x-8 gap-y-3 sm:flex sm:flex-wrap">
          <Fact label={t`Score`}>{result.score}</Fact>
          <Fact label={t`Confidence`}>{formatPercent(result.confidence)}</Fact>
          <Fact label={t`Stakes that count`}>
            <Amount value={result.total} decimals={collateral.decimals} symbol={collateral.symbol} />
          </Fact>
          <Fact label={t`Opinions`}>{result.count}</Fact>
          <Fact label={t`Final`}>{approval.finalAt !== null && <TimeAgo at={approval.finalAt} />}</Fact>
        </dl>
        {judged.data && <Warnings approval={approval} judged={judged.data.judged} />}
      </header>
      <aside
        aria-label={t`Approval`}
        className="panel grid content-start gap-4 p-4 sm:p-5 lg:sticky lg:top-4 lg:row-span-2 lg:self-start"
      >
        <ScoreDial place={result.score} label={t`Score`} />
        <Members approval={approval} />
        <SignApproval approval={approval} />
      </aside>
      <div className="grid min-w-0 content-start gap-6">
        {judged.isPending && <Skeleton lines={4} />}
        {judged.error && (
          <p className="text-bad" role="alert">
            <Trans>The providers’ labels could not be read: {judged.error.message}</Trans>
          </p>
        )}
        {judged.data && <Evidence judged={judged.data.judged} />}
        <Relabelled approval={approval} />
      </div>
    </article>
  );
}

function Evidence({ judged }: { judged: readonly Judged[] }) {
  return (
    <>
      <section className="min-w-0">
        <h3 className="label mb-1">{t`Providers and their models`}</h3>
        <Judging judged={judged} />
        <MeasuredNote className="mt-3" />
      </section>
      <section className="min-w-0">
        <h3 className="label mb-1">{t`Opinions, with every label`}</h3>
        <Labels judged={judged} />
      </section>
    </>
  );
}

function Warnings({ approval, judged }: { approval: Approval; judged: readonly Judged[] }) {
  const { result, minConfidence, crowd } = approval;
  if (result === null) return null;
  const sheets = judged.flatMap(({ sheet }) => (sheet ? [sheet] : []));
  const unreadable = judged.length - sheets.length;
  const warnings = approvalWarnings({ result, minConfidence, crowd, sheets, unreadable });
  if (warnings.length === 0)
    return (
      <p className="mt-4 flex items-center gap-2 text-[0.9375rem] text-ink-2">
        <Trans>
          <CheckIcon className="text-lg text-accent" /> Nothing unusual was found in score, confidence, stakes
          and labels.
        </Trans>
      </p>
    );
  return (
    <ul className="mt-4 grid gap-2" aria-label={t`Look at this before signing`}>
      {warnings.map((warning) => (
        <li key={warning.kind} className="flex gap-2.5 rounded-md bg-gold-wash px-3 py-2 text-[0.9375rem]">
          <AlertIcon className="mt-0.5 shrink-0 text-lg text-gold" />
          {warningWords(warning)}
        </li>
      ))}
    </ul>
  );
}

function Members({ approval }: { approval: Approval }) {
  const names = useWalletNames();
  const { committee, signed, missing, expiresAt, voidableFrom } = approval;
  if (!committee)
    return (
      <p className="text-[0.9375rem] text-ink-2">{t`Another contract approves here, and this server does not know who signs for it.`}</p>
    );
  return (
    <div className="grid gap-3 text-[0.9375rem]">
      <p className="font-semibold" role="status">
        <Trans>
          {committee.needed - missing} of {committee.needed} signatures
        </Trans>
        {missing > 0 && <>, {t`${missing} missing`}</>}
      </p>
      <ul className="divide-y divide-rule" aria-label={t`Members`}>
        {committee.members.map((member) => {
          const own = signed.find((one) => sameAddress(one.member, member));
          return (
            <li key={member} className="flex items-center justify-between gap-3 py-1.5">
              <Hash value={member} name={names(member)} />
              {own ? (
                <span className="flex items-center gap-1.5 text-sm text-accent">
                  <CheckIcon /> <TimeAgo at={own.at} />
                </span>
              ) : (
                <span className="text-sm text-ink-3">{t`not yet`}</span>
              )}
            </li>
          );
        })}
      </ul>
      <p className="text-sm text-ink-2">
        {expiresAt !== null && (
          <>
            <Trans>
              These signatures count for{" "}
              <Countdown at={expiresAt} past={t`no time more`} className="font-semibold text-ink" />; after
              that all sign anew.
            </Trans>{" "}
          </>
        )}
        {voidableFrom !== null && (
          <Trans>
            Without an approval anybody may void the market in{" "}
            <Countdown at={voidableFrom} past={t`a moment`} />, and everybody has his stake back.
          </Trans>
        )}
      </p>
    </div>
  );
}
