import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Amount } from "../../components/figures.tsx";
import { Hash } from "../../components/hash.tsx";
import { Failure, Skeleton } from "../../components/states.tsx";
import { TimeAgo } from "../../components/time.tsx";
import { slashesQuery } from "../../queries.ts";
import { useNetwork } from "../../shell/use-network.ts";

/** What was taken of a stake, why, and where that can be checked. */
export function Slashes({ owner }: { owner: string }) {
  const { collateral } = useNetwork();
  const slashes = useQuery(slashesQuery(owner));
  if (slashes.error) return <Failure error={slashes.error} retry={() => void slashes.refetch()} />;
  if (!slashes.data) return <Skeleton lines={2} />;
  const { items } = slashes.data;
  if (items.length === 0)
    return <p className="text-ink-2">{t`None: nothing was ever taken of this stake.`}</p>;
  return (
    <ul className="divide-y divide-rule">
      {items.map(({ fault, reason, amount, challenger, question, at, transaction }) => (
        <li key={`${fault}:${transaction}`} className="grid grid-cols-[minmax(0,1fr)_auto] gap-x-4 py-3">
          <div className="min-w-0">
            <p className="font-semibold">{reason}</p>
            <p className="text-sm text-ink-2">
              {question !== null && (
                <>
                  <Link
                    to="/questions/$id"
                    params={{ id: question }}
                    className="text-accent underline underline-offset-4"
                  >{t`the question`}</Link>
                  ,{" "}
                </>
              )}
              {challenger === null ? (
                t`nobody's challenge`
              ) : (
                <Trans>
                  shown by <Hash value={challenger} what={t`challenger`} />
                </Trans>
              )}
            </p>
            <p className="text-sm text-ink-3">
              <Trans>
                transaction <Hash value={transaction} what={t`transaction`} />
              </Trans>
            </p>
          </div>
          <p className="text-right">
            <span className="block font-bold text-bad">
              −<Amount value={amount} decimals={collateral.decimals} symbol={collateral.symbol} short />
            </span>
            <TimeAgo at={at} className="text-sm text-ink-3" />
          </p>
        </li>
      ))}
    </ul>
  );
}
