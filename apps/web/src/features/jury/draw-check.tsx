import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import type { Jury } from "../../api.ts";
import { Button } from "../../components/button.tsx";
import { Hash } from "../../components/hash.tsx";
import { CheckIcon, CrossIcon } from "../../components/icons.tsx";
import { Failure } from "../../components/states.tsx";
import { useWallet } from "../wallet/wallet-context.tsx";
import { checkDraw } from "./check-draw.ts";

/** The draw, done again in this page from the chain's own snapshot and seed. */
export function DrawCheck({ jury }: { jury: Jury }) {
  const wallet = useWallet();
  const { terms, seed } = jury;
  const check = useQuery({
    queryKey: ["draw", jury.id, seed],
    queryFn: async () => {
      const facts = await wallet.readDraw(terms.jurorEpoch, BigInt(terms.beaconRound));
      return checkDraw(jury, facts.snapshot, facts.seed);
    },
    enabled: wallet.ready && seed !== null,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
  if (seed === null)
    return (
      <p className="text-ink-2">
        {jury.jurors.length > 0 && <>{t`This server has not been shown the seed yet.`} </>}
        <Trans>
          The seed is what the beacon says in round <b className="num">{terms.beaconRound}</b>, which nobody
          could know when the jury was opened.
        </Trans>
      </p>
    );
  return (
    <div className="grid gap-2">
      {check.data?.ok === true && (
        <p className="flex items-center gap-1.5 font-semibold text-accent">
          <CheckIcon className="text-lg" />
          <Trans>
            Drawn again here: the same {check.data.jurors} jurors on the same {check.data.seats} seats
          </Trans>
        </p>
      )}
      {check.data?.ok === false && (
        <p role="alert" className="flex items-center gap-1.5 font-semibold text-bad">
          <CrossIcon className="text-lg" />
          <Trans>This is not how the jury was drawn: {check.data.why}</Trans>
        </p>
      )}
      {check.isPending && <p className="text-sm text-ink-3">{t`drawing again…`}</p>}
      {check.error && <Failure error={check.error} retry={() => void check.refetch()} />}
      <p className="text-sm text-ink-2">
        <Trans>
          Read from the chain by this page: jurors and their stakes from snapshot{" "}
          <span className="num">{terms.jurorEpoch}</span>, and the seed of beacon round{" "}
          <span className="num">{terms.beaconRound}</span> <Hash value={seed} what={t`seed`} />
        </Trans>
      </p>
      {check.data && (
        <Button
          size="small"
          className="w-fit"
          busy={check.isFetching}
          onClick={() => void check.refetch()}
        >{t`Draw once more`}</Button>
      )}
    </div>
  );
}
