import { t } from "@lingui/core/macro";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { similarStatementsQuery } from "../../queries.ts";
import { nearest } from "../create/likeness.ts";
import { useSettled } from "../create/use-settled.ts";
import { OpinionStatus } from "../opinion/opinion-status.tsx";
import { ModelAdvice } from "./model-advice.tsx";
import { hintsFor } from "./draft.ts";

const MOST_SHOWN = 3;

/** What could be misread, and what is up already that says nearly the same. */
export function Advice({
  statement,
  asksModel,
  onWording,
}: {
  statement: string;
  /** Whether a language model gives advice here. */
  asksModel: boolean;
  onWording: (wording: string) => void;
}) {
  const hints = hintsFor(statement);
  return (
    <aside aria-label={t`Advice`} className="grid content-start gap-6 lg:pt-12">
      <div aria-live="polite">
        <h2 className="label mb-2">{t`Could it be misread?`}</h2>
        {hints.length === 0 ? (
          <p className="text-[0.9375rem] text-ink-2">
            {statement.trim().length < 10
              ? t`Advice appears here while you write.`
              : t`Nothing that this page looks for.`}
          </p>
        ) : (
          <ul className="grid gap-3 text-[0.9375rem] text-ink-2">
            {hints.map((hint) => (
              <li key={hint} className="border-l-2 border-gold pl-3">
                {hint}
              </li>
            ))}
          </ul>
        )}
      </div>
      {asksModel && <ModelAdvice statement={statement} onWording={onWording} />}
      <UpAlready statement={statement} />
    </aside>
  );
}

/** Statements that say much the same: a second one would part those who have something to say on it, and their stakes. */
function UpAlready({ statement }: { statement: string }) {
  const said = useSettled(statement.trim());
  const found = useQuery(similarStatementsQuery(said));
  const near = nearest(said, found.data ?? [], (one) => one.statement, MOST_SHOWN);
  return (
    <div aria-live="polite">
      {near.length > 0 && (
        <>
          <h2 className="label mb-2">{t`Up already`}</h2>
          <ul aria-label={t`Up already`} className="grid gap-3 text-[0.9375rem]">
            {near.map(({ id, statement: other, status }) => (
              <li key={id}>
                <Link to="/opinions/$id" params={{ id }} className="underline underline-offset-4" dir="auto">
                  {other}
                </Link>
                <span className="block text-sm">
                  <OpinionStatus status={status} />
                </span>
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}
