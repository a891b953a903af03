import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { sameAddress } from "@sooth/kernel";
import { Amount } from "../../components/figures.tsx";
import { Section } from "../../components/page.tsx";
import { ownDisputesQuery } from "../../queries.ts";
import { useNetwork } from "../../shell/use-network.ts";
import { standsText } from "./words.ts";
import { sayAnswer } from "../../languages/answer-words.ts";

/** What an account has objected to, and what became of its deposits there. Nothing when it never did. */
export function OwnDisputes({ account }: { account: string }) {
  const { collateral } = useNetwork();
  const disputes = useQuery(ownDisputesQuery(account)).data ?? [];
  if (disputes.length === 0) return null;
  const money = (value: bigint) => (
    <Amount value={value} decimals={collateral.decimals} symbol={collateral.symbol} short />
  );
  return (
    <Section title={t`Your disputes`} aside={`${disputes.length}`}>
      <ul className="divide-y divide-rule">
        {disputes.map(({ id, question, stage, outcome, deposits, ...labels }) => {
          const [claimLabel, valueLabel] = [sayAnswer(labels.claimLabel), sayAnswer(labels.valueLabel)];
          const own = deposits.filter(({ who }) => sameAddress(who, account));
          const put = own.reduce((sum, { amount }) => sum + BigInt(amount), 0n);
          const got = own.reduce((sum, { awarded }) => sum + BigInt(awarded ?? 0), 0n);
          return (
            <li key={id} className="flex flex-wrap items-baseline justify-between gap-x-6 gap-y-1 py-3">
              <span className="min-w-0">
                <Link
                  to="/questions/$id"
                  params={{ id: question }}
                  className="font-semibold text-accent underline underline-offset-4"
                >
                  <Trans>
                    {claimLabel} against {valueLabel}
                  </Trans>
                </Link>
                <span className="block text-sm text-ink-2">{standsText({ stage, outcome })}</span>
              </span>
              <span className="num text-[0.9375rem]">
                <Trans>
                  {money(put)} put down
                  {outcome !== null && (
                    <>, {got === 0n ? t`nothing came back` : <Trans>{money(got)} came back</Trans>}</>
                  )}
                </Trans>
              </span>
            </li>
          );
        })}
      </ul>
    </Section>
  );
}
