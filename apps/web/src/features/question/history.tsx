import { i18n, type MessageDescriptor } from "@lingui/core";
import { msg, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { extendFrom, lateFrom } from "@sooth/oracle/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import type { Attempt, QuestionDetail } from "../../api.ts";
import { Hash } from "../../components/hash.tsx";
import { LoadMore, Section } from "../../components/page.tsx";
import { Failure } from "../../components/states.tsx";
import { TimeAgo } from "../../components/time.tsx";
import { formatAbsolute } from "../../format/time.ts";
import { attemptsQuery } from "../../queries.ts";
import { useMoments } from "../../use-moments.ts";

const KINDS: Record<Attempt["kind"], MessageDescriptor> = {
  assign: msg`Providers seated`,
  observe: msg`Reading the sources`,
  commit: msg`Values committed`,
  reveal: msg`Values shown`,
  report: msg`Reports gathered`,
  extend: msg`More providers sought`,
  secondary: msg`Secondary sources`,
  rereport: msg`Reported anew`,
  jury: msg`Jury`,
  invalid: msg`Given up as invalid`,
};
const STATES: Record<Attempt["state"], { text: MessageDescriptor; tone: string }> = {
  waiting: { text: msg`waiting`, tone: "text-gold" },
  done: { text: msg`done`, tone: "text-accent" },
  failed: { text: msg`failed`, tone: "text-bad" },
};

/** What was tried to get an answer, live, and why each try ended as it did. */
export function Tried({ question }: { question: QuestionDetail }) {
  const told = useInfiniteQuery(attemptsQuery(question.id));
  const { opensAt, deadline } = question;
  const half = extendFrom({ notBefore: opensAt, deadline });
  const late = lateFrom(question.terms);
  useMoments([half, late, deadline + 1], ["question", question.id]);
  const attempts = told.data?.pages.flatMap(({ items }) => items);
  if (told.error)
    return (
      <Section title={t`What was tried`}>
        <Failure error={told.error} retry={() => void told.refetch()} />
      </Section>
    );
  if (attempts === undefined || attempts.length === 0) return null;
  return (
    <Section title={t`What was tried`} aside={`${attempts.length}`}>
      <Attempts attempts={attempts} />
      <LoadMore
        more={told.hasNextPage}
        busy={told.isFetchingNextPage}
        onMore={() => void told.fetchNextPage()}
      />
    </Section>
  );
}

function Attempts({ attempts }: { attempts: readonly Attempt[] }) {
  return (
    <ol className="divide-y divide-rule" aria-label={t`Attempts`}>
      {attempts.map(({ round, kind, state, reason, at, restsOn }) => (
        <li
          key={`${round}:${kind}:${at}:${restsOn.ref}:${reason}`}
          className="grid grid-cols-[minmax(0,1fr)_auto] gap-x-4 py-2.5"
        >
          <div className="min-w-0">
            <p>
              <b>{i18n._(KINDS[kind])}</b>{" "}
              <span className={`text-sm font-semibold ${STATES[state].tone}`}>
                {i18n._(STATES[state].text)}
              </span>
            </p>
            <p className="num text-[0.9375rem] break-words text-ink-2" dir="auto">
              {reason}
            </p>
          </div>
          <div className="text-right text-sm text-ink-3">
            <TimeAgo at={at} />
            <span className="num block">
              <Trans>round {round}</Trans>
            </span>
            {restsOn.what === "transaction" && <Hash value={restsOn.ref} what={t`transaction`} />}
            {restsOn.what === "block" && (
              <span className="num block">
                <Trans>block {restsOn.ref}</Trans>
              </span>
            )}
          </div>
        </li>
      ))}
    </ol>
  );
}

/** Each time that more than two thirds said it was too early, and the question opened again. */
export function Reopenings({ reopenings }: { reopenings: QuestionDetail["reopenings"] }) {
  return (
    <ol className="divide-y divide-rule">
      {reopenings.map(({ round, notBefore, transaction }) => (
        <li key={round} className="flex flex-wrap items-baseline justify-between gap-x-4 py-2.5">
          <span>
            <Trans>
              Round {round - 1} said that it was too early. Round <b className="num">{round}</b> takes reports
              from {formatAbsolute(notBefore)} on.
            </Trans>
          </span>
          <span className="text-sm text-ink-3">
            <Hash value={transaction} what={t`transaction`} />
          </span>
        </li>
      ))}
    </ol>
  );
}
