import { t } from "@lingui/core/macro";
import { escrowPartiesOf } from "@sooth/bundles/core";
import { sameAddress } from "@sooth/kernel";
import type { BundleDetail } from "../../api.ts";
import { Command } from "../../components/command.tsx";
import { useWallet } from "../wallet/wallet-context.tsx";
import { legNames } from "./words.ts";

/** For the owner of a bundle that somebody else has yet to pay into: how they hear of it. */
export function ShareLink({ bundle }: { bundle: BundleDetail }) {
  const account = useWallet().account?.address;
  if (bundle.outcome !== "open" || account === undefined || !sameAddress(account, bundle.owner)) return null;
  const missing = bundle.shown.flatMap(({ place, leg, state }) => {
    const parties = leg?.kind === "escrow" ? escrowPartiesOf({ data: leg.data as `0x${string}` }) : null;
    return state === "none" && parties && !sameAddress(parties.payer, account) ? [place] : [];
  });
  if (missing.length === 0) return null;
  return (
    <div className="grid gap-2">
      <p className="text-[0.9375rem]">
        {t`Somebody else pays ${legNames(missing)}. Send them the link of this page: they look at it, and sign.`}
      </p>
      <Command what={t`link`} text={location.href.split(/[?#]/)[0] ?? ""} />
    </div>
  );
}
