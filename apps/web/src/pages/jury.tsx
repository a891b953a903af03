import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { sameAddress } from "@sooth/kernel";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { ApiError, type Dispute, type Jury } from "../api.ts";
import { useNow } from "../clock.ts";
import { Amount, Fact } from "../components/figures.tsx";
import { Hash } from "../components/hash.tsx";
import { PageHead, Section, useTitle } from "../components/page.tsx";
import { Failure, Skeleton } from "../components/states.tsx";
import { AppealReasons, Reason } from "../features/dispute/dispute-card.tsx";
import { choiceText, sentenceCase } from "../features/dispute/words.ts";
import { DrawCheck } from "../features/jury/draw-check.tsx";
import { phaseText } from "../features/jury/phase.ts";
import { JurorList } from "../features/jury/juror-list.tsx";
import { VoteBox } from "../features/jury/vote-box.tsx";
import { useWallet } from "../features/wallet/wallet-context.tsx";
import { formatAbsolute } from "../format/time.ts";
import { juryQuery, questionDisputesQuery, questionQuery } from "../queries.ts";
import { useNetwork } from "../shell/use-network.ts";
import { useMoments } from "../use-moments.ts";
import { NotFoundPage } from "./not-found.tsx";
import { sayAnswer } from "../languages/answer-words.ts";

type Labels = Pick<Dispute, "valueLabel" | "claimLabel">;
const unnamed = (): Labels => ({ valueLabel: t`as reported`, claimLabel: t`as disputed` });

export function JuryPage() {
  const { id } = useParams({ from: "/juries/$id" });
  const jury = useQuery(juryQuery(id));
  useTitle(jury.data && t`Jury of ${jury.data.terms.size}`);
  if (jury.data) return <JuryView jury={jury.data} />;
  if (jury.error instanceof ApiError && [400, 404].includes(jury.error.status))
    return <NotFoundPage what="jury" />;
  if (jury.error)
    return (
      <>
        <PageHead title={t`Jury`} />
        <Failure error={jury.error} retry={() => void jury.refetch()} />
      </>
    );
  return <Skeleton lines={9} />;
}

function JuryView({ jury }: { jury: Jury }) {
  const { collateral } = useNetwork();
  const account = useWallet().account;
  useMoments([jury.evidenceEndsAt, jury.commitEndsAt, jury.revealEndsAt], ["jury", jury.id]);
  const question = useQuery({ ...questionQuery(jury.question ?? ""), enabled: jury.question !== null }).data;
  const disputes = useQuery({
    ...questionDisputesQuery(jury.question ?? ""),
    enabled: jury.question !== null,
  }).data;
  const dispute = disputes?.find(({ id }) => id === jury.dispute);
  const labels = dispute ?? unnamed();
  const me = jury.jurors.find(
    ({ signer, owner }) =>
      account && (sameAddress(signer, account.address) || sameAddress(owner, account.address)),
  );
  return (
    <article className="grid gap-x-12 gap-y-9 lg:grid-cols-[minmax(0,1fr)_21rem]">
      <header className="min-w-0 lg:col-span-2">
        <Phase jury={jury} />
        <h1 className="question mt-2 text-[1.75rem] sm:text-[2.35rem]" dir="auto">
          {question ? question.schema.text : t`Jury of ${jury.terms.size}`}
        </h1>
        {dispute && (
          <p className="mt-3 text-lg text-ink-2" dir="auto">
            {jury.phase === "ended" ? (
              <Trans>
                A jury of {jury.terms.size} decided between{" "}
                <b className="text-ink">{sayAnswer(dispute.valueLabel)}</b>, the answer, and{" "}
                <b className="text-ink">{sayAnswer(dispute.claimLabel)}</b>, the claim.
              </Trans>
            ) : (
              <Trans>
                A jury of {jury.terms.size} decides between{" "}
                <b className="text-ink">{sayAnswer(dispute.valueLabel)}</b>, the answer, and{" "}
                <b className="text-ink">{sayAnswer(dispute.claimLabel)}</b>, the claim.
              </Trans>
            )}
          </p>
        )}
      </header>
      <aside className="grid content-start gap-6 lg:col-start-2 lg:row-start-2" aria-label={t`Your part`}>
        {me && <VoteBox key={me.index} jury={jury} juror={me} labels={labels} />}
        {jury.question !== null && (
          <Link
            to="/questions/$id"
            params={{ id: jury.question }}
            className="font-semibold text-accent underline underline-offset-4"
          >{t`The question, its reports and the evidence`}</Link>
        )}
      </aside>
      <div className="grid min-w-0 content-start gap-9 lg:col-start-1 lg:row-start-2">
        {dispute?.reason && <Reason reason={dispute.reason} />}
        {dispute && <AppealReasons dispute={dispute} />}
        <Section title={t`Votes`} aside={t`${jury.needed} of ${jury.votes.drawn} seats decide`}>
          <Votes jury={jury} labels={labels} />
        </Section>
        <Section title={t`Jurors`} aside={jury.jurors.length === 0 ? undefined : `${jury.jurors.length}`}>
          {jury.jurors.length === 0 ? (
            <p className="text-ink-2">
              {jury.phase === "ended"
                ? t`Nobody was drawn.`
                : t`Nobody is drawn yet: that follows as soon as the seed is proved on the chain.`}
            </p>
          ) : (
            <JurorList jurors={jury.jurors} labels={labels} />
          )}
        </Section>
        <Section title={t`The draw`}>
          <DrawCheck jury={jury} />
        </Section>
        <Section title={t`Terms`}>
          <dl className="grid grid-cols-2 gap-4 sm:grid-cols-3">
            <Until names={[t`Evidence until`, t`Evidence ended`]} at={jury.evidenceEndsAt} />
            <Until names={[t`Voting until`, t`Voting ended`]} at={jury.commitEndsAt} />
            <Until names={[t`Opening until`, t`Opening ended`]} at={jury.revealEndsAt} />
            <Fact label={t`Paid to jurors of the outcome`}>
              <Amount value={jury.terms.fee} decimals={collateral.decimals} symbol={collateral.symbol} />
            </Fact>
            <Fact label={t`Jury`}>
              <Hash value={jury.id} what={t`jury id`} />
            </Fact>
          </dl>
        </Section>
      </div>
    </article>
  );
}

function Phase({ jury }: { jury: Jury }) {
  const now = useNow();
  return (
    <p className={`num text-sm font-semibold ${jury.phase === "ended" ? "text-ink" : "text-gold"}`}>
      {phaseText(jury, now)}
    </p>
  );
}

/** A moment of the jury's, named as what is to come or as what is over. */
function Until({ names: [ahead, past], at }: { names: readonly [string, string]; at: number }) {
  const over = useNow() >= at;
  return <Fact label={over ? past : ahead}>{formatAbsolute(at)}</Fact>;
}

function Votes({ jury, labels }: { jury: Jury; labels: Labels }) {
  const { votes, choice, phase } = jury;
  const size = jury.terms.size;
  const rows = [
    { choice: 1, count: votes.answer },
    { choice: 2, count: votes.claim },
    { choice: 3, count: votes.neither },
  ];
  return (
    <>
      <ul className="grid gap-3">
        {rows.map((row) => (
          <li key={row.choice}>
            <p className="flex justify-between gap-4 text-[0.9375rem]">
              <span className={choice === row.choice ? "font-bold" : ""}>
                {sentenceCase(choiceText(row.choice, labels))}
                {choice === row.choice && <span className="text-accent"> {t`decided`}</span>}
              </span>
              <span className="num">
                <Trans>
                  {row.count} of {size}
                </Trans>
              </span>
            </p>
            <div className="relative mt-1 h-2.5 rounded-sm bg-sunken" aria-hidden="true">
              <span
                className={`block h-full rounded-sm ${choice === row.choice ? "bg-accent" : "bg-ink-3"}`}
                style={{ width: `${(row.count * 100) / size}%` }}
              />
              <span className="absolute inset-y-[-3px] left-[65%] w-0.5 bg-ink" />
            </div>
          </li>
        ))}
      </ul>
      {phase === "ended" && choice === 0 && (
        <p className="mt-3 text-ink-2">{t`None reached 65% of the seats: a larger jury follows, or the question ends as invalid.`}</p>
      )}
    </>
  );
}
