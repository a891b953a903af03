import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { isOpenReport, type OpenReport, type QuestionDetail, type Report } from "../../api.ts";
import { Hash } from "../../components/hash.tsx";
import { CheckIcon, ChevronIcon, CrossIcon } from "../../components/icons.tsx";
import { TimeAgo } from "../../components/time.tsx";
import { shortHex } from "../../format/hex.ts";
import { formatAbsolute } from "../../format/time.ts";
import { useNetwork } from "../../shell/use-network.ts";
import { EvidenceView } from "./evidence-view.tsx";
import { checkSignature } from "./verify.ts";
import { sayAnswer } from "../../languages/answer-words.ts";

/** One provider's signed report, checked here and now, with what it read underneath. */
export function ReportCard({ question, report }: { question: QuestionDetail; report: Report }) {
  const [open, setOpen] = useState(false);
  const total = BigInt(question.totalWeight ?? "0");
  const share = total === 0n ? undefined : Number((BigInt(report.weight) * 1_000n) / total) / 10;
  const id = `report-${report.round}-${report.epoch}-${report.seat}`;
  return (
    <li className="border-b border-rule py-3.5">
      <div className="grid grid-cols-[auto_minmax(0,1fr)_auto] items-center gap-x-4 gap-y-1 sm:grid-cols-[auto_minmax(0,1fr)_15.5rem_auto]">
        <span
          className={`num grid size-9 place-items-center rounded-full text-sm font-bold ${report.counted ? "bg-accent text-on-accent" : "border border-rule-2 text-ink-2"}`}
          title={t`Seat ${report.seat}`}
        >
          <span className="sr-only">{t`Seat`} </span>
          {report.seat}
        </span>
        <div className="min-w-0">
          <p className="num text-lg leading-tight font-bold">
            {report.label === null ? t`Sealed until answered` : sayAnswer(report.label)}
          </p>
          <p className="text-sm text-ink-2">
            <Hash value={report.provider} />
            {share !== undefined && (
              <span className="num">
                <Trans>{share}% of weight</Trans>
              </span>
            )}
          </p>
        </div>
        <div className="max-sm:order-last max-sm:col-span-3">
          {isOpenReport(report) && <SignatureTick question={question} report={report} />}
          <p className="text-sm text-ink-3">
            {report.counted
              ? t`counted in the answer`
              : question.answeredIn === null
                ? t`waiting for a quorum`
                : t`not counted`}
            , <TimeAgo at={report.receivedAt} />
          </p>
        </div>
        {isOpenReport(report) && (
          <button
            type="button"
            aria-expanded={open}
            aria-controls={id}
            onClick={() => setOpen(!open)}
            className="flex min-h-9 items-center gap-1 rounded-md px-2 text-sm font-semibold text-accent hover:bg-wash"
          >
            {t`Evidence`}
            <ChevronIcon className={`transition-transform ${open ? "rotate-180" : ""}`} />
            <span className="sr-only">{t`of seat ${report.seat}`}</span>
          </button>
        )}
      </div>
      <div id={id} hidden={!open} className="mt-3 sm:pl-13">
        {open && isOpenReport(report) && <Evidence report={report} />}
      </div>
    </li>
  );
}

function SignatureTick({ question, report }: { question: QuestionDetail; report: OpenReport }) {
  const { addresses } = useNetwork();
  const check = useQuery({
    queryKey: ["signature", question.id, report.signature, report.value, addresses.oracle],
    queryFn: () => checkSignature(question, report, addresses.oracle),
    enabled: addresses.oracle !== "0x",
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (!check.data) return <p className="text-sm text-ink-3">{t`checking the signature…`}</p>;
  if (check.data.ok)
    return (
      <p className="flex items-center gap-1.5 text-sm font-semibold text-accent" title={report.signature}>
        <Trans>
          <CheckIcon className="text-base" /> Signature checked here
        </Trans>
      </p>
    );
  return (
    <p className="flex items-center gap-1.5 text-sm font-semibold text-bad">
      <CrossIcon className="text-base" />
      {check.data.signedBy === null
        ? t`No valid signature`
        : t`Signed by ${shortHex(check.data.signedBy)} instead`}
    </p>
  );
}

function Evidence({ report }: { report: OpenReport }) {
  return (
    <div className="grid gap-3 text-[0.9375rem]">
      {report.opening !== null && (
        <p className="num break-words text-ink-2">
          <Trans>
            Committed in phase {report.opening.phase} before it was shown. Secret{" "}
            <Hash value={report.opening.secret} what={t`secret`} />, with the evidence and the clarifications
            it makes the salt <Hash value={report.opening.salt} what={t`salt`} />.
          </Trans>
        </p>
      )}
      {report.evidence === null && report.observations.length > 0 && (
        <div className="overflow-x-auto">
          <table className="w-full text-left">
            <caption className="label pb-1 text-left">{t`What each source said`}</caption>
            <tbody>
              {report.observations.map((seen) => (
                <tr key={seen.source} className="border-t border-rule align-top">
                  <th scope="row" className="py-1.5 pr-4 font-semibold">
                    {seen.source}
                  </th>
                  <td className="num py-1.5 pr-4">
                    {seen.value ?? t`nothing`}
                    {seen.dropped !== null && (
                      <span className="block text-sm text-bad">
                        <Trans>dropped: {seen.dropped}</Trans>
                      </span>
                    )}
                  </td>
                  <td
                    className="num py-1.5 text-right text-sm text-ink-3"
                    title={formatAbsolute(seen.fetchedAt)}
                  >
                    <TimeAgo at={seen.fetchedAt} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <dl className="grid gap-x-6 gap-y-1 text-sm sm:grid-cols-[auto_1fr]">
        <dt className="text-ink-3">{t`Signer`}</dt>
        <dd>
          <Hash value={report.signer} what={t`signer`} />
        </dd>
        <dt className="text-ink-3">{t`Signature`}</dt>
        <dd>
          <Hash value={report.signature} what={t`signature`} />
          <span className="num text-ink-3">
            <Trans>
              epoch {report.epoch}, round {report.round}
            </Trans>
          </span>
        </dd>
      </dl>
      {report.evidence === null ? (
        <p className="text-sm text-ink-3">{t`This provider handed over no evidence.`}</p>
      ) : (
        <EvidenceView hash={report.evidence} />
      )}
    </div>
  );
}
