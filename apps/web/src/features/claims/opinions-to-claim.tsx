import { t } from "@lingui/core/macro";
import { Link } from "@tanstack/react-router";
import { Amount } from "../../components/figures.tsx";
import { useNetwork } from "../../shell/use-network.ts";
import type { HeldOpinion } from "../market/portfolio-csv.ts";
import { dueOf } from "./claim-calls.ts";

/** What opinions came to and nobody paid yet, prizes among it. */
export function OpinionsToClaim({ opinions }: { opinions: readonly HeldOpinion[] }) {
  const { collateral } = useNetwork();
  if (opinions.length === 0) return null;
  return (
    <ul className="divide-y divide-rule" aria-label={t`Opinions to claim for`}>
      {opinions.map((opinion) => (
        <li key={opinion.market} className="grid grid-cols-[minmax(0,1fr)_auto] gap-x-4 py-3">
          <Link
            to="/opinions/$id"
            params={{ id: opinion.market }}
            className="question min-w-0 text-lg hover:text-accent"
            dir="auto"
          >
            {opinion.on.statement}
          </Link>
          <p className="text-right text-[0.9375rem]">
            <span className="label block">{t`to claim`}</span>
            <Amount
              value={dueOf(opinion)}
              decimals={collateral.decimals}
              symbol={collateral.symbol}
              className="font-bold text-accent"
            />
          </p>
        </li>
      ))}
    </ul>
  );
}
