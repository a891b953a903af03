import { kindOf, labelOf } from "@sooth/oracle/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { Market } from "../../api.ts";
import { Hash } from "../../components/hash.tsx";
import { formatPercent } from "../../format/amount.ts";
import { formatAbsolute, formatDuration } from "../../format/time.ts";
import { questionQuery } from "../../queries.ts";
import { useWalletNames } from "../wallet/use-wallet-names.ts";

/** The market's terms as sentences; every number in them is one that the contract enforces. */
export function Rules({ market }: { market: Market }) {
  const { terms, question } = market;
  const { schema } = question;
  const names = useWalletNames();
  return (
    <ul className="grid max-w-[68ch] list-disc gap-2 pl-5 marker:text-rule-2">
      <li>
        Stakes are taken until <b className="num">{formatAbsolute(terms.closesAt)}</b>, by the chain’s clock.
      </li>
      <li>
        The answer speaks of <b className="num">{formatAbsolute(schema.observeAt)}</b>. Providers may report
        from <span className="num">{formatAbsolute(question.opensAt)}</span> until{" "}
        <span className="num">{formatAbsolute(question.deadline)}</span>. {formatDuration(question.liveness)}{" "}
        after the answer it is final.
      </li>
      <li>
        {schema.sources.length === 0
          ? "No program can read this answer: people have to report it."
          : `Read from ${schema.sources.map(({ name }) => name).join(", ")}; ${schema.order === "first" ? "the first of them that says anything decides" : "the middle of what the sources say counts"}.`}
      </li>
      {kindOf(schema).boundsOf && <Bounds question={question} />}
      <li>
        Winners get their stake back and share the losing stakes in proportion to what they staked, after a
        fee of <b>{formatPercent(terms.feeBps)}</b> on the losing stakes only. The fee goes to the market’s
        creator, <Hash value={terms.creator} name={names(terms.creator)} />.
      </li>
      <li>
        Every pay-out is rounded down to the smallest unit; what is left over, less than one unit a claim,
        stays in the contract.
      </li>
      <li>
        Everybody gets the whole stake back, without a fee, when the question ends invalid (no quorum by the
        deadline) or when nobody staked on the outcome that happened.
      </li>
      <li>
        <Link
          to="/questions/$id"
          params={{ id: question.id }}
          className="font-semibold text-accent underline underline-offset-4"
        >
          The question, its reports and how it is answered
        </Link>
      </li>
    </ul>
  );
}

function Bounds({ question }: { question: Market["question"] }) {
  const { schema } = question;
  const detail = useQuery(questionQuery(question.id));
  if (!detail.data) return null;
  const { min, max } = detail.data.terms;
  return (
    <li>
      Answers are held between <b className="num">{labelOf(BigInt(min), { ...schema, unit: "" })}</b> and{" "}
      <b className="num">{labelOf(BigInt(max), schema)}</b>: a measure beyond them counts as the nearer one.
    </li>
  );
}
