import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { kindOf, labelOf } from "@sooth/oracle/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { Market } from "../../api.ts";
import { formatPercent } from "../../format/amount.ts";
import { formatAbsolute, formatDuration } from "../../format/time.ts";
import { questionQuery } from "../../queries.ts";
import { Creator } from "./creator.tsx";

/** What the sentences are made of: a market that is open, or one that is planned, with no question yet and whoever reads them as its creator. */
type Ruled = {
  terms: Pick<Market["terms"], "closesAt" | "feeBps"> & { creator: string | null };
  question: Pick<Market["question"], "opensAt" | "deadline" | "liveness"> & {
    id: string | null;
    schema: Schema;
  };
};
type Schema = Market["question"]["schema"];

/** The market's terms as sentences; every number in them is one that the contract enforces. */
export function Rules({ market }: { market: Ruled }) {
  const { terms, question } = market;
  const { schema } = question;
  return (
    <ul className="grid max-w-[68ch] list-disc gap-2 pl-5 marker:text-rule-2">
      <li>
        <Trans>
          Stakes are taken until <b className="num">{formatAbsolute(terms.closesAt)}</b>, by the chain’s
          clock.
        </Trans>
      </li>
      <li>
        <Trans>
          The answer speaks of <b className="num">{formatAbsolute(schema.observeAt)}</b>. Providers may report
          from <span className="num">{formatAbsolute(question.opensAt)}</span> until{" "}
          <span className="num">{formatAbsolute(question.deadline)}</span>.{" "}
          {formatDuration(question.liveness)} after the answer it is final.
        </Trans>
      </li>
      <li>
        {schema.sources.length === 0
          ? t`No program can read this answer: people have to report it.`
          : schema.order === "first"
            ? t`Read from ${namesOf(schema)}; the first of them that says anything decides.`
            : t`Read from ${namesOf(schema)}; the middle of what the sources say counts.`}
      </li>
      {question.id !== null && kindOf(schema).boundsOf && <Bounds id={question.id} schema={schema} />}
      <li>
        <Trans>
          Winners get their stake back and share the losing stakes in proportion to what they staked, after a
          fee of <b>{formatPercent(terms.feeBps)}</b> on the losing stakes only. The fee goes to the market’s
          creator, <Creator address={terms.creator} />.
        </Trans>
      </li>
      <li>
        <Trans>
          Every pay-out is rounded down to the smallest unit; what is left over, less than one unit a claim,
          stays in the contract.
        </Trans>
      </li>
      <li>
        <Trans>
          Everybody gets the whole stake back, without a fee, when the question ends invalid (no quorum by the
          deadline) or when nobody staked on the outcome that happened.
        </Trans>
      </li>
      {question.id !== null && (
        <li>
          <Link
            to="/questions/$id"
            params={{ id: question.id }}
            className="font-semibold text-accent underline underline-offset-4"
          >
            {t`The question, its reports and how it is answered`}
          </Link>
        </li>
      )}
    </ul>
  );
}

function Bounds({ id, schema }: { id: string; schema: Schema }) {
  const detail = useQuery(questionQuery(id));
  if (!detail.data) return null;
  const { min, max } = detail.data.terms;
  return (
    <li>
      <Trans>
        Answers are held between <b className="num">{labelOf(BigInt(min), { ...schema, unit: "" })}</b> and{" "}
        <b className="num">{labelOf(BigInt(max), schema)}</b>: a measure beyond them counts as the nearer one.
      </Trans>
    </li>
  );
}

const namesOf = ({ sources }: Schema): string => sources.map(({ name }) => name).join(", ");
