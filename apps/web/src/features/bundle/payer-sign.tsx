import { bundleFromWire, bundleTypedData } from "@sooth/bundles/core";
import { sameAddress } from "@sooth/kernel";
import { useQueryClient } from "@tanstack/react-query";
import { api, type BundleDetail, type TypedData } from "../../api.ts";
import { useNow } from "../../clock.ts";
import { Button } from "../../components/button.tsx";
import { useNetwork } from "../../shell/use-network.ts";
import { StepList } from "../steps/step-list.tsx";
import { type Step, useSteps } from "../steps/use-steps.ts";
import { useWallet } from "../wallet/wallet-context.tsx";
import { allowSteps, duesOf } from "./allow-steps.ts";
import { useAmountWords } from "./leg-deed.tsx";
import { useChainTitle } from "./use-chains.ts";
import { legName, legNames } from "./words.ts";

/**
 * Who pays a leg of somebody else's bundle signs its id, which holds every leg of it, and a relayer puts the tokens in. The owner
 * signed it when he opened it.
 */
export function PayerSign({ bundle }: { bundle: BundleDetail }) {
  const wallet = useWallet();
  const client = useQueryClient();
  const { hub, addresses } = useNetwork();
  const title = useChainTitle();
  const words = useAmountWords();
  const steps = useSteps();
  const now = useNow();
  const account = wallet.account?.address;
  const { bundle: header } = bundle;
  const dues = account === undefined ? [] : duesOf(bundle, account);
  if (account === undefined || header === null || dues.length === 0) return null;
  if (sameAddress(bundle.owner, account) || bundle.outcome !== "open" || now >= bundle.deadline) return null;

  const sign = () => {
    const typed = bundleTypedData(
      { chainId: hub.chainId, hub: addresses.bundleHub as `0x${string}` },
      bundleFromWire(header),
    );
    let signature = "0x";
    const places = dues.flatMap((due) => due.places);
    const prepare = async (): Promise<Step[]> => [
      ...(await allowSteps(wallet, dues, addresses.escrow, title)),
      {
        title: "Sign the bundle, as you see it here",
        run: async (onState) => {
          onState("signing");
          signature = await wallet.sign(readable(typed));
        },
      },
      ...places.map((place) => ({
        title: `Hand ${legName(place).toLowerCase()} to the relayers`,
        run: async () => {
          await api.addBundlePayer({ id: bundle.id, payer: account, leg: place, signature });
        },
      })),
    ];
    void steps
      .runPrepared({ title: "See what the escrow may take", prepare })
      .then(() => client.invalidateQueries({ queryKey: ["bundle", bundle.id] }));
  };
  return (
    <div className="grid gap-3 rounded-md border border-gold/60 bg-gold-wash p-4">
      <p className="text-[0.9375rem]">
        <b>You are asked to pay.</b>{" "}
        {dues.map(({ chainId, token, amount, places }) => (
          <span key={`${chainId}-${token}`} className="block">
            {legNames(places)}: {words(token, String(amount))} on {title(chainId)}
          </span>
        ))}
      </p>
      <p className="text-sm text-ink-2">
        Look at every leg first: your signature is for all of them together. You are paid what the others put
        in, or get back what you put in.
      </p>
      {steps.views.length > 0 ? (
        <StepList steps={steps} />
      ) : (
        <Button look="primary" onClick={sign}>
          Sign and pay
        </Button>
      )}
    </div>
  );
}

/** Wallets want numbers as JSON has them. */
export const readable = ({
  domain,
  types,
  primaryType,
  message,
}: ReturnType<typeof bundleTypedData>): TypedData =>
  ({
    domain,
    types,
    primaryType,
    message: Object.fromEntries(
      Object.entries(message).map(([name, value]) => [
        name,
        typeof value === "bigint" ? String(value) : value,
      ]),
    ),
  }) as unknown as TypedData;
