import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { api, type Opinion, type OpinionMarket } from "../../api.ts";
import { Amount } from "../../components/figures.tsx";
import { Hash } from "../../components/hash.tsx";
import { CheckIcon, CrossIcon } from "../../components/icons.tsx";
import { Failure } from "../../components/states.tsx";
import { useNetwork } from "../../shell/use-network.ts";
import { useWallet } from "../wallet/wallet-context.tsx";
import { useWalletNames } from "../wallet/use-wallet-names.ts";

/** The prizes, and the draw done again in this page from the beacon's public key. */
export function DrawsCheck({ market }: { market: OpinionMarket }) {
  const { collateral } = useNetwork();
  const names = useWalletNames();
  const wallet = useWallet();
  const { result, prizes } = market;
  const round = result?.round ?? null;
  const seed = result?.seed ?? null;
  const check = useQuery({
    queryKey: ["draws", market.id, seed],
    queryFn: async () => {
      const [{ checkDraws }, facts, holders] = await Promise.all([
        // The pairing's arithmetic is only fetched by who looks.
        import("./check-draws.ts"),
        wallet.readRound(BigInt(round ?? 0)),
        holdersOf(market),
      ]);
      return checkDraws(market, facts, holders);
    },
    enabled: wallet.ready && seed !== null && prizes.length > 0,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
  if (round === null) return <p className="text-ink-2">{t`Nothing is drawn in this market.`}</p>;
  if (result?.undrawn)
    return (
      <p className="text-ink-2">{t`No seed came in time: what was for prizes is shared like the rest.`}</p>
    );
  if (seed === null)
    return (
      <p className="text-ink-2">
        <Trans>
          Round <b className="num">{round}</b> of the beacon draws. It was named after the score, and nobody
          could know it then.
        </Trans>
      </p>
    );
  return (
    <div className="grid gap-3">
      <ol className="divide-y divide-rule" aria-label={t`Prizes`}>
        {prizes.map(({ prize, winner, amount, paidTo }) => (
          <li key={prize} className="flex flex-wrap items-baseline justify-between gap-x-4 py-2">
            <span>
              <Trans>
                Prize {prize + 1}: <Hash value={winner} name={names(winner)} />
              </Trans>
            </span>
            <span>
              <Amount value={amount} decimals={collateral.decimals} symbol={collateral.symbol} />{" "}
              <span className="text-sm text-ink-3">{paidTo === null ? t`to be claimed` : t`paid`}</span>
            </span>
          </li>
        ))}
      </ol>
      {check.data?.ok === true && (
        <p className="flex items-center gap-1.5 font-semibold text-accent">
          <CheckIcon className="text-lg" />
          {check.data.signed
            ? t`Round ${round} is signed by the beacon’s key, and drawn again here it gives the same winners`
            : t`Drawn again here from the chain’s seed: the same winners`}
        </p>
      )}
      {check.data?.ok === false && (
        <p role="alert" className="flex items-center gap-1.5 font-semibold text-bad">
          <CrossIcon className="text-lg" />
          {t`This is not how it was drawn: ${check.data.why}`}
        </p>
      )}
      {check.isPending && prizes.length > 0 && <p className="text-sm text-ink-3">{t`drawing again…`}</p>}
      {check.error && <Failure error={check.error} retry={() => void check.refetch()} />}
    </div>
  );
}

/** The winners' opinions: of each the one that it has. */
async function holdersOf({ id, prizes }: OpinionMarket): Promise<Opinion[]> {
  const winners = [...new Set(prizes.map(({ winner }) => winner.toLowerCase()))];
  const found = await Promise.all(winners.map((owner) => api.listOpinions({ id, owner, limit: 1 })));
  return found.flatMap(({ items }) => items);
}
