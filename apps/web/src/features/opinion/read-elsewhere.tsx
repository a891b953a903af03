import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import type { OpinionMarket } from "../../api.ts";
import { AlertIcon } from "../../components/icons.tsx";

/** In place of everything that would take a stake: whoever asked the question decides what this market comes to. */
export function ReadElsewhere({ market: { readsElsewhere, question } }: { market: OpinionMarket }) {
  return (
    <section className="flex gap-3 rounded-lg border border-bad/40 bg-bad-wash p-4 sm:p-5">
      <AlertIcon className="mt-0.5 shrink-0 text-xl text-bad" />
      <div className="grid min-w-0 gap-2">
        <h2 className="font-bold text-bad">{t`Do not stake here`}</h2>
        <p>
          <Trans>
            The score of this market is not read from its own opinions alone. Whoever put it up can have it
            come to what suits him, whatever people write. No stake is taken on this page.
          </Trans>
        </p>
        <p className="text-sm wrap-anywhere text-ink-2" lang="en">
          {readsElsewhere}
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
