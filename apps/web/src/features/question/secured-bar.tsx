import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import type { QuestionDetail } from "../../api.ts";
import { Amount } from "../../components/figures.tsx";
import { formatShare } from "../../format/amount.ts";
import { useNetwork } from "../../shell/use-network.ts";
import { securedOf } from "./secured.ts";

/** What may depend on this answer, against the stake that answers for it. */
export function SecuredBar({ question }: { question: QuestionDetail }) {
  const { collateral } = useNetwork();
  const { decimals, symbol } = collateral;
  const { secures, behind, answered, most, used } = securedOf(question);
  const money = (value: bigint) => <Amount value={value} decimals={decimals} symbol={symbol} short />;
  const over = used > 10_000;
  // In a dispute nobody's weight counts yet: zero would be wrong.
  if (question.status === "disputed" && question.totalWeight === null)
    return (
      <p className="text-[0.9375rem] text-ink-2">
        {t`Nobody’s signature counts while the dispute is open. Who settles it is told above.`}
        {secures > 0n && (
          <>
            {" "}
            <Trans>{money(secures)} depends on it.</Trans>
          </>
        )}
      </p>
    );
  return (
    <div className="text-[0.9375rem]">
      <p>
        {answered ? (
          <Trans>
            <b>{money(behind)}</b> of stake signed the answer. It may secure <b>{money(most)}</b>, a third.
          </Trans>
        ) : (
          <Trans>
            <b>{money(behind)}</b> of stake may sign. It may secure <b>{money(most)}</b>, a third.
          </Trans>
        )}
      </p>
      <div className="mt-2 h-1.5 rounded-full bg-sunken" aria-hidden="true">
        <div
          className={`h-full rounded-full ${over ? "bg-bad" : "bg-accent"}`}
          style={{ width: `${Math.min(100, used / 100)}%` }}
        />
      </div>
      <p className={`num mt-1 text-sm ${over ? "font-semibold text-bad" : "text-ink-3"}`}>
        {secures === 0n ? (
          t`The asker named no sum that depends on it.`
        ) : (
          <Trans>
            {money(secures)} depends on it: {over ? t`more than that` : t`${formatShare(used)} of that`}
          </Trans>
        )}
      </p>
    </div>
  );
}
