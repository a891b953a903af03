import { i18n } from "@lingui/core";
import { msg, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { itemSchema, kindOf, labelOf, lateFrom, type Source, whereOf } from "@sooth/oracle/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { ApiError, type QuestionDetail } from "../api.ts";
import { ReportPlot } from "../charts/report-plot.tsx";
import { Amount, Fact } from "../components/figures.tsx";
import { Hash } from "../components/hash.tsx";
import { Section, useTitle } from "../components/page.tsx";
import { Failure, Skeleton } from "../components/states.tsx";
import { QuestionStatus } from "../components/status.tsx";
import { Countdown } from "../components/time.tsx";
import { MeasuredNote } from "../features/opinion/measured-note.tsx";
import { Clarifications } from "../features/question/clarifications.tsx";
import { ClarifyOffer } from "../features/question/clarify-dialog.tsx";
import { canAskLike } from "../features/create/can-ask-like.ts";
import { CommitPhase } from "../features/question/commit-phase.tsx";
import { Items } from "../features/question/items.tsx";
import { DisputeOffer, QuestionDisputes } from "../features/dispute/question-disputes.tsx";
import { Reopenings, Tried } from "../features/question/history.tsx";
import { ReportCard } from "../features/question/report-card.tsx";
import { SecuredBar } from "../features/question/secured-bar.tsx";
import { Timeline } from "../features/question/timeline.tsx";
import { TradeOffer } from "../features/trade/trade-offer.tsx";
import { Watched } from "../features/question/veto.tsx";
import { formatPercent, grouped } from "../format/amount.ts";
import { formatAbsolute, formatDuration } from "../format/time.ts";
import { marketQuery, questionQuery } from "../queries.ts";
import { useNetwork } from "../shell/use-network.ts";
import { useMoments } from "../use-moments.ts";
import { ARTICLES } from "../first-pages.ts";
import { NotFoundPage } from "./not-found.tsx";
import { sayAnswer } from "../languages/answer-words.ts";

export function QuestionPage() {
  const { id } = useParams({ from: "/questions/$id" });
  const question = useQuery(questionQuery(id));
  useTitle(question.data?.schema.text);
  if (question.data) return <QuestionView question={question.data} />;
  if (question.error instanceof ApiError && [400, 404].includes(question.error.status))
    return <NotFoundPage what="question" />;
  if (question.error) return <Failure error={question.error} retry={() => void question.refetch()} />;
  return <Skeleton lines={9} />;
}

function QuestionView({ question }: { question: QuestionDetail }) {
  const { schema } = question;
  useMoments(
    [schema.observeAt, question.opensAt, question.deadline, question.finalizeAt],
    ["question", question.id],
  );
  return (
    <article className={ARTICLES.question.article}>
      <header>
        <QuestionStatus status={question.status} />
        <h1 className={ARTICLES.question.title} dir="auto">
          {schema.text}
        </h1>
        <Answer question={question} />
        <DisputeOffer question={question} />
        <ClarifyOffer question={question} />
      </header>
      <Timeline question={question} />
      <div className="grid gap-x-12 gap-y-10 lg:grid-cols-[minmax(0,1fr)_20rem]">
        <div className="grid min-w-0 content-start gap-10">
          <TradeOffer question={question} />
          <QuestionDisputes question={question} />
          <Watched question={question} />
          {question.clarifications.length > 0 && (
            <Section title={t`Clarifications`} aside={`${question.clarifications.length}`}>
              <Clarifications question={question} />
            </Section>
          )}
          {question.root !== null && (
            <Section title={t`Answers`}>
              <Items question={question} root={question.root} />
            </Section>
          )}
          <Section title={t`Reports`} aside={t`${question.reports.length} signed`}>
            <CommitPhase question={question} />
            {question.reports.length === 0 ? (
              <NoReports question={question} />
            ) : (
              <>
                <ReportPlot question={question} />
                <ul className="mt-2" aria-label={t`Signed reports`}>
                  {question.reports.map((report) => (
                    <ReportCard key={`${report.round}:${report.seat}`} question={question} report={report} />
                  ))}
                </ul>
              </>
            )}
          </Section>
          <Section title={t`How the answer comes out`}>
            {question.explanation.length === 0 ? (
              <p className="text-ink-2">{t`The steps appear here with the first reports.`}</p>
            ) : (
              <ol className="grid max-w-[68ch] list-decimal gap-2 pl-6 marker:font-semibold marker:text-ink-3">
                {question.explanation.map((step) => (
                  <li key={step} className="num pl-1">
                    {step}
                  </li>
                ))}
              </ol>
            )}
          </Section>
          <Tried question={question} />
          {question.reopenings.length > 0 && (
            <Section title={t`Opened again`} aside={t`round ${question.round}`}>
              <Reopenings reopenings={question.reopenings} />
            </Section>
          )}
        </div>
        <aside className="grid content-start gap-8" aria-label={t`Terms`}>
          <Terms question={question} />
          <Section title={t`What stands behind it`}>
            <SecuredBar question={question} />
          </Section>
          <Section title={t`Sources`}>
            <Sources question={question} />
          </Section>
          {question.markets.length > 0 && (
            <Section title={t`Markets on it`}>
              <ul className="grid gap-2">
                {question.markets.map((id) => (
                  <li key={id}>
                    <MarketLink id={id} />
                  </li>
                ))}
              </ul>
            </Section>
          )}
        </aside>
      </div>
    </article>
  );
}

/** Below it an answer is final before anybody has read it. */
const HASTY_SECONDS = 60;

function Terms({ question }: { question: QuestionDetail }) {
  const { collateral, hub } = useNetwork();
  // Bounds hold for each thing that is asked about.
  const schema = question.schema.items ? itemSchema(question.schema, 0) : question.schema;
  return (
    <Section title={t`Terms`}>
      <dl className="grid grid-cols-2 gap-4 lg:grid-cols-1">
        <Fact label={t`Reward for those who answer`}>
          <Amount value={question.reward} decimals={collateral.decimals} symbol={collateral.symbol} />
        </Fact>
        <Fact label={t`Final after`}>
          {formatDuration(question.liveness)}
          {hub.local && question.liveness < HASTY_SECONDS && (
            <span className="block text-sm font-normal text-ink-2">{t`So short for trying it out: where money is real, nobody could object in time.`}</span>
          )}
        </Fact>
        <Fact label={t`Reports from`}>{formatAbsolute(question.opensAt)}</Fact>
        <Fact label={t`Deadline`}>{formatAbsolute(question.deadline)}</Fact>
        <Fact label={t`Aggregation`}>{i18n._(AGGREGATIONS[question.terms.aggregation])}</Fact>
        {kindOf(schema).boundsOf && (
          <Fact label={t`Answers are held between`}>
            <Trans>
              {labelOf(BigInt(question.terms.min), { ...schema, unit: "" })} and{" "}
              {labelOf(BigInt(question.terms.max), schema)}
            </Trans>
          </Fact>
        )}
        <Fact label={t`Answered by`}>
          <Trans>domain {question.terms.domain}</Trans>
        </Fact>
        <Fact label={t`Asked by`}>
          <Hash value={question.asker} />
        </Fact>
        <Fact label={t`Question`}>
          <Hash value={question.id} what={t`question id`} />
        </Fact>
      </dl>
      {canAskLike(question.schema) && (
        <Link
          to="/create"
          search={{ like: question.id }}
          className="mt-4 inline-block text-sm font-semibold text-accent underline underline-offset-4"
        >{t`Ask one like this`}</Link>
      )}
    </Section>
  );
}

function Answer({ question }: { question: QuestionDetail }) {
  if (question.status === "invalid")
    return (
      <p className="mt-3 text-lg text-ink-2">{t`No quorum by the deadline: there is no answer. Stakes and the reward are given back; of outcome tokens each outcome is paid the same part.`}</p>
    );
  if (question.status === "disputed")
    return (
      <p className="mt-3 text-lg text-ink-2">{t`Somebody objects. Nothing is paid until the dispute below is decided.`}</p>
    );
  if (question.label === null || question.value === null)
    return (
      <p className="mt-3 text-lg text-ink-2">
        <Trans>
          Providers may report in{" "}
          <Countdown at={question.opensAt} past={t`these moments`} className="font-semibold text-ink" />
          {mayBeEarly(question) && t`, or before if it has ended`}
        </Trans>
      </p>
    );
  return (
    <>
      <p className="mt-4 flex flex-wrap items-baseline gap-x-4 gap-y-1">
        <span className="question num text-4xl text-accent">{sayAnswer(question.label)}</span>
        <span className="text-ink-2">
          {question.confidence !== null &&
            (isSigned(question)
              ? t`${formatPercent(question.confidence)} of all weight agrees`
              : t`decided in a dispute`)}
          {question.status === "answered" && question.finalizeAt !== null && (
            <Trans>
              , final in{" "}
              <Countdown at={question.finalizeAt} past={t`a moment`} className="font-semibold text-ink" />
            </Trans>
          )}
        </span>
      </p>
      {question.schema.sources.some(({ type }) => type === "opinions") && (
        <MeasuredNote className="mt-3 max-w-[68ch]" />
      )}
    </>
  );
}

/** Whether providers' signatures stand behind the answer: behind a jury's there are none. */
const isSigned = ({ confidence, reports }: QuestionDetail): boolean =>
  (confidence ?? 0) > 0 || reports.some(({ counted }) => counted);

/** Once it opened again it waits as every question does. */
const mayBeEarly = ({ terms, opensAt }: QuestionDetail): boolean =>
  terms.endsEarly && opensAt === terms.opensAt;

function NoReports({ question }: { question: QuestionDetail }) {
  if (question.status === "invalid") return <p className="text-ink-2">{t`Nobody reported in time.`}</p>;
  if (question.label !== null)
    return (
      <p className="text-ink-2">
        {isSigned(question)
          ? t`This server does not have the reports behind the answer.`
          : t`Nobody reported in time: it was decided in a dispute.`}
      </p>
    );
  return (
    <p className="text-ink-2">
      <Trans>
        Nobody has reported yet. Reports are taken from {formatAbsolute(question.opensAt)} (
        <Countdown at={question.opensAt} past={t`now`} />)
        {mayBeEarly(question) && t`, or before if it has ended,`} until {formatAbsolute(question.deadline)}.
      </Trans>
    </p>
  );
}

const AGGREGATIONS = {
  plurality: msg`What more than half of all weight says, once two thirds signed`,
  median: msg`Weighted median, once two thirds of all weight signed`,
  root: msg`All under one root, signed by more than two thirds`,
} as const;

function Sources({ question }: { question: QuestionDetail }) {
  const { sources, secondary, rule, unit, order, discloseBy, default: fallback } = question.schema;
  if (sources.length === 0)
    return (
      <>
        <p className="text-ink-2">{t`None: people answer, programs abstain.`}</p>
        <EndsEarly question={question} />
      </>
    );
  return (
    <>
      <SourceList sources={sources} observeAt={question.schema.observeAt} />
      {secondary !== undefined && (
        <>
          <p className="mt-4 mb-3 text-[0.9375rem]">
            <Trans>
              From {formatAbsolute(lateFrom(question.terms))} on, whoever cannot read these reads instead:
            </Trans>
          </p>
          <SourceList sources={secondary} observeAt={question.schema.observeAt} />
        </>
      )}
      {rule.type === "atLeast" && (
        <p className="mt-3 text-[0.9375rem]">
          <Trans>
            Yes when the middle of them is at least <b className="num">{grouped(rule.threshold)}</b> {unit}.
          </Trans>
        </p>
      )}
      {rule.type === "cuts" && (
        <p className="num mt-3 text-[0.9375rem]">
          <Trans>
            Outcomes are cut at {rule.cuts.map(grouped).join(", ")} {unit}.
          </Trans>
        </p>
      )}
      {order === "first" && (
        <p className="mt-3 text-[0.9375rem]">{t`The first of them that says anything decides, in this order.`}</p>
      )}
      {discloseBy !== undefined && (
        <p className="mt-3 text-[0.9375rem]">
          <Trans>
            What became public after {formatAbsolute(discloseBy)} does not count, where a source tells.
          </Trans>
        </p>
      )}
      {fallback !== "invalid" && (
        <p className="mt-3 text-[0.9375rem]">
          <Trans>
            When none of them says anything, <b className="num">{fallback}</b> is taken as said.
          </Trans>
        </p>
      )}
      <EndsEarly question={question} />
    </>
  );
}

/** Programs do not tell what ends a question early: whoever knows it hands his report in. */
function EndsEarly({ question: { schema, terms } }: { question: QuestionDetail }) {
  if (!terms.endsEarly) return null;
  return (
    <>
      {schema.endsEarly !== undefined && (
        <p className="mt-3 text-[0.9375rem]">
          <Trans>May end early: {schema.endsEarly}</Trans>
        </p>
      )}
      <p className="mt-3 text-[0.9375rem]">
        <Trans>Before {formatAbsolute(terms.opensAt)} nine tenths of all weight must sign its answer.</Trans>
      </p>
    </>
  );
}

function SourceList({ sources, observeAt }: { sources: readonly Source[]; observeAt: number }) {
  return (
    <ul className="grid gap-3">
      {sources.map((source) => (
        <li key={source.name} className="min-w-0">
          <p className="font-semibold">{source.name}</p>
          <p className="font-mono text-xs break-all text-ink-2">
            {source.type === "http-json" ? source.url : whereOf(source, observeAt)}
          </p>
          <p className="text-sm text-ink-3">
            <Trans>
              <HowRead source={source} /> in {source.unit}
              {source.scale !== 0 && t`, times 10^${source.scale}`}
            </Trans>
          </p>
        </li>
      ))}
    </ul>
  );
}

function HowRead({ source }: { source: Source }) {
  switch (source.type) {
    case "http-json":
      return (
        <Trans>
          reads <code className="font-mono">{source.path}</code>
        </Trans>
      );
    case "chain":
      return <>{t`asks the contract, in its last final block before that moment,`}</>;
    case "feed":
      return <Trans>reads the price feed, no older than {source.maxAge} seconds,</Trans>;
    case "witness":
      return <>{t`a language model says what these documents say, with quotes,`}</>;
  }
}

function MarketLink({ id }: { id: string }) {
  const market = useQuery(marketQuery(id));
  return (
    <Link
      to="/markets/$id"
      params={{ id }}
      className="font-semibold text-accent underline underline-offset-4"
    >
      {market.data ? market.data.title : t`Market`}
    </Link>
  );
}
