import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { sameAddress } from "@sooth/kernel";
import { useQueryClient } from "@tanstack/react-query";
import type { LegShown } from "../../api.ts";
import { shortHex } from "../../format/hex.ts";
import { useNetwork } from "../../shell/use-network.ts";
import { FaucetThere } from "../wallet/faucet-there.tsx";
import { useWalletNames } from "../wallet/use-wallet-names.ts";
import { useWallet } from "../wallet/wallet-context.tsx";
import { useTokenWords } from "./leg-deed.tsx";
import { useChainTitle } from "./use-chains.ts";
import type { Failing } from "./use-trial.ts";
import { legName } from "./words.ts";

type Shown = readonly Pick<LegShown, "place" | "leg">[];

/** Why legs would fail as things stand: who lacks tokens or has not allowed them, and what a call says when it is tried. */
export function TrialList({ failing, shown }: { failing: readonly Failing[]; shown: Shown }) {
  return (
    <ul className="grid gap-1.5">
      {failing.map((one) => (
        <li key={one.place} className="wrap-anywhere">
          <FailingLeg failing={one} leg={shown.find(({ place }) => place === one.place)?.leg ?? null} />
        </li>
      ))}
    </ul>
  );
}

function FailingLeg({ failing: { place, fails, lacks }, leg }: { failing: Failing; leg: LegShown["leg"] }) {
  const names = useWalletNames();
  const title = useChainTitle();
  const client = useQueryClient();
  const { hub, collateral } = useNetwork();
  const account = useWallet().account?.address;
  const words = useTokenWords(leg ?? undefined);
  if (!leg || !lacks)
    return (
      <Trans>
        {legName(place)} would fail: <span lang="en">{shortened(fails ?? "", names)}</span>
      </Trans>
    );
  const own = account !== undefined && sameAddress(account, lacks.payer);
  const who = names(lacks.payer) ?? shortHex(lacks.payer);
  const isPoor = BigInt(lacks.balance) < BigInt(lacks.wanted);
  return (
    <>
      {isPoor
        ? t`${legName(place)}: ${who} holds ${words(lacks.balance)} on ${title(leg.chainId)}, and ${words(lacks.wanted)} are wanted.`
        : t`${legName(place)}: ${who} has not let the escrow on ${title(leg.chainId)} take ${words(lacks.wanted)} yet.`}{" "}
      {isPoor && own && hub.local && sameAddress(leg.target, collateral.address) && (
        <FaucetThere
          chainId={leg.chainId}
          onDone={() => void client.invalidateQueries({ queryKey: ["bundle"] })}
        />
      )}
    </>
  );
}

/** Addresses in it as their reader knows them. */
const shortened = (text: string, names: (address: string) => string | undefined): string =>
  text.replaceAll(/0x[0-9a-fA-F]{40}\b/g, (address) => names(address) ?? shortHex(address));
