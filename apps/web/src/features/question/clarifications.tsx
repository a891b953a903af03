import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { clarificationChain } from "@sooth/oracle/core";
import type { QuestionDetail } from "../../api.ts";
import { Hash } from "../../components/hash.tsx";
import { formatAbsolute } from "../../format/time.ts";

/** What the asker said about it before it opened, with the times; reports count only for the round after the last. */
export function Clarifications({ question }: { question: QuestionDetail }) {
  const { clarifications } = question;
  const chained = clarificationChain(clarifications.map(({ text }) => text));
  const told = clarifications.at(-1)?.chain.toLowerCase();
  return (
    <>
      <ol className="grid max-w-[68ch] gap-4" aria-label={t`Clarifications`}>
        {clarifications.map(({ round, text, at, transaction }) => (
          <li key={round} className="border-l-2 border-gold pl-3">
            <p className="whitespace-pre-wrap" dir="auto">
              {text}
            </p>
            <p className="mt-1 text-sm text-ink-3">
              <Trans>
                {formatAbsolute(at)}, in <Hash value={transaction} what={t`transaction`} />
              </Trans>
            </p>
          </li>
        ))}
      </ol>
      <p className={`mt-3 text-sm ${chained === told ? "text-ink-3" : "font-semibold text-bad"}`}>
        {chained === told
          ? t`Hashed here, each with the one before: they fit what the chain holds.`
          : t`Hashed here, they do NOT fit what the chain holds.`}
      </p>
    </>
  );
}
