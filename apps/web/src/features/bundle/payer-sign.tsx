import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { bundleTypedData } from "@sooth/bundles/core";
import { sameAddress } from "@sooth/kernel";
import { useQueryClient } from "@tanstack/react-query";
import { api, type BundleDetail, type TypedData } from "../../api.ts";
import { useNow } from "../../clock.ts";
import { Button } from "../../components/button.tsx";
import { Hash } from "../../components/hash.tsx";
import { Failure } from "../../components/states.tsx";
import { StepList } from "../steps/step-list.tsx";
import { type Step, useSteps } from "../steps/use-steps.ts";
import { useWalletNames } from "../wallet/use-wallet-names.ts";
import { useWallet } from "../wallet/wallet-context.tsx";
import { type Due, duesOf, type Permits, permitSteps } from "./allow-steps.ts";
import { allLegs, type Checked } from "./checked-bundle.ts";
import type { Contracts } from "./checked-call.ts";
import { useTokenWords } from "./leg-deed.tsx";
import { type Gains, gainsOf } from "./payers-view.ts";
import { useChainTitle } from "./use-chains.ts";
import { capital, legName, legNames } from "./words.ts";

type Props = { bundle: BundleDetail; contracts: Contracts; checked: Checked };

/**
 * Who pays a leg of somebody else's bundle signs its id, which holds every leg of it, and a relayer puts the tokens in. The owner
 * signed it when he opened it. What is signed is what was checked, and every leg of it has been on the page.
 */
export function PayerSign({ bundle, contracts, checked }: Props) {
  const wallet = useWallet();
  const client = useQueryClient();
  const title = useChainTitle();
  const steps = useSteps();
  const now = useNow();
  const account = wallet.account?.address;
  if (account === undefined || !isAskedToSign(bundle, account, now)) return null;
  const dues = duesOf(bundle, account);
  const seen = seenBy(checked, account);
  if ("refused" in seen) return <Failure error={seen.refused} />;

  const sign = () => {
    const typed = bundleTypedData(contracts.hub, checked.bundle);
    const { escrow } = contracts;
    let signature = "0x";
    const signStep: Step = {
      title: t`Sign the bundle, as you see it here`,
      run: async (onState) => {
        onState("signing");
        signature = await wallet.sign(readable(typed));
      },
    };
    const handOver = (permits: Permits): Step[] =>
      dues
        .flatMap((due) => due.places)
        .map((place) => ({
          title: t`Hand ${legNames([place])} to the relayers`,
          run: async () => {
            const permit = permits.get(place);
            const payer = { id: checked.id, payer: account, leg: place, signature };
            await api.addBundlePayer({ ...payer, ...(permit && { permit }) });
          },
        }));
    const prepare = async (): Promise<Step[]> => {
      const { deadline } = checked.bundle;
      const { steps: allow, permits } = await permitSteps(wallet, dues, { escrow, title, deadline });
      return [...allow, signStep, ...handOver(permits)];
    };
    void steps
      .runPrepared({ title: t`See what the escrow may take`, prepare })
      .then(() => client.invalidateQueries({ queryKey: ["bundle", bundle.id] }));
  };
  return (
    <div className="grid gap-3 rounded-md border border-gold/60 bg-gold-wash p-4">
      <div className="grid gap-1 text-[0.9375rem]">
        <b>{t`You are asked to pay.`}</b>
        {dues.map((due) => (
          <DueLine key={`${due.chainId}-${due.token}`} due={due} />
        ))}
      </div>
      <GainsBox gains={seen.gains} />
      <p className="text-sm text-ink-2">
        {t`Look at every leg first: your signature is for all of them together. If it does not come about, you get back what you put in.`}
      </p>
      {steps.views.length > 0 ? (
        <StepList steps={steps} />
      ) : (
        <Button look="primary" onClick={sign}>
          {t`Sign and pay`}
        </Button>
      )}
    </div>
  );
}

/** Whether this account pays legs of a bundle of somebody else's by its signature. */
export const isAskedToSign = (bundle: BundleDetail, account: string, now: number): boolean =>
  duesOf(bundle, account).length > 0 &&
  !sameAddress(bundle.owner, account) &&
  bundle.outcome === "open" &&
  now < bundle.deadline;

function seenBy(checked: Checked, account: string): { gains: Gains } | { refused: Error } {
  try {
    return { gains: gainsOf(allLegs(checked), account) };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return { refused: error };
  }
}

function DueLine({ due: { chainId, token, amount, places } }: { due: Due }) {
  const title = useChainTitle();
  const words = useTokenWords({ chainId, target: token });
  return (
    <span>
      {t`${capital(legNames(places))}: ${words(amount)} on ${title(chainId)}`}
      <span className="block text-sm text-ink-2">
        <Trans>
          token <Hash value={token} whole />
        </Trans>
      </span>
    </span>
  );
}

/** What the others do for it. Of a contract that holds by its own rules nothing is said that nobody here can know. */
function GainsBox({ gains: { paid, unknown } }: { gains: Gains }) {
  return (
    <div className="grid gap-1 text-[0.9375rem]">
      {paid.length > 0 && <b>{t`For it you are paid`}</b>}
      {paid.map((one) => (
        <PaidLine key={one.place} gain={one} />
      ))}
      {unknown.map(({ place, target }) => (
        <span key={place}>
          <Trans>
            {legName(place)} is held by the contract <Hash value={target} whole />, by rules of its own. What
            it gives you this page cannot know: read them first.
          </Trans>
        </span>
      ))}
      {paid.length + unknown.length === 0 && (
        <b className="text-bad">{t`No leg of it pays anything to you. You would give, and get nothing here.`}</b>
      )}
    </div>
  );
}

function PaidLine({ gain: { place, chainId, target, value, payer } }: { gain: Gains["paid"][number] }) {
  const title = useChainTitle();
  const names = useWalletNames();
  const words = useTokenWords({ chainId, target });
  return (
    <span>
      <Trans>
        {legName(place)}: {words(value)} on {title(chainId)}, by <Hash value={payer} name={names(payer)} />
      </Trans>
      <span className="block text-sm text-ink-2">
        <Trans>
          token <Hash value={target} whole />
        </Trans>
      </span>
    </span>
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
