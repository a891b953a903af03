import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import type { OpinionMarket } from "../../api.ts";
import { AlertIcon } from "../../components/icons.tsx";

/** Whether stakes may rest on what this market is scored: no page takes one else, and no server. */
export const isFit = ({ readsElsewhere, undersecured }: OpinionMarket): boolean =>
  readsElsewhere === null && undersecured === null;

/** In place of everything that would take a stake: whoever asked the question decides what this market comes to, or can at little cost. */
export function DoNotStake({
  market: { readsElsewhere, undersecured, question },
}: {
  market: OpinionMarket;
}) {
  return (
    <section className="flex gap-3 rounded-lg border border-bad/40 bg-bad-wash p-4 sm:p-5">
      <AlertIcon className="mt-0.5 shrink-0 text-xl text-bad" />
      <div className="grid min-w-0 gap-2">
        <h2 className="font-bold text-bad">{t`Do not stake here`}</h2>
        <p>
          {readsElsewhere !== null ? (
            <Trans>
              The score of this market is not read from its own opinions alone. Whoever put it up can have it
              come to what suits him, whatever people write. No stake is taken on this page.
            </Trans>
          ) : (
            <Trans>
              Too little stands behind the score of this market: who answers, what the answer secures, or how
              long anybody may object to it. A wrong score would be cheap. No stake is taken on this page.
            </Trans>
          )}
        </p>
        <p className="text-sm wrap-anywhere text-ink-2" lang="en">
          {readsElsewhere ?? undersecured}
        </p>
        <Link
          to="/questions/$id"
          params={{ id: question.id }}
          className="text-sm font-semibold text-accent underline underline-offset-4"
        >
          {t`The question, and where its answer is read`}
        </Link>
      </div>
    </section>
  );
}
