import { t } from "@lingui/core/macro";
import { api, ApiError, type Call, type Market, type Relayed, type TypedData } from "../../api.ts";
import { formatAmount } from "../../format/amount.ts";
import { callSteps } from "../steps/call-steps.ts";
import type { Step } from "../steps/use-steps.ts";
import type { Wallet } from "../wallet/wallet-context.tsx";
import { WalletError } from "../wallet/wallet-error.ts";
import { sayAnswer } from "../../languages/answer-words.ts";

const POLL_MS = 600;
/** The relayer has this long; after that the page stops waiting, though the stake may still arrive. */
const RELAY_LIMIT_MS = 120_000;

export type StakeOrder = {
  market: Market;
  outcome: number;
  amount: bigint;
  decimals: number;
  symbol: string;
  /** Its owner wants to send it himself. */
  ownGas: boolean;
};

/** Who sends a stake: the platform what its owner signed, or his wallet, which pays the gas unless somebody pays for it. */
export type StakeWay = "signed" | "sent";

/**
 * Where a service pays for what the wallet sends, that is one confirmation and no gas, which nothing else is. A token that takes no
 * permits has to be allowed by a transaction of its owner: then the stake goes with it.
 */
export function stakeWay(
  { ownGas, sponsored }: { ownGas: boolean; sponsored: boolean },
  { permit, calls }: { permit: TypedData | null; calls: readonly Call[] },
): StakeWay {
  const isAllowed = calls.length === 1;
  return ownGas || sponsored || (permit === null && !isAllowed) ? "sent" : "signed";
}

/**
 * What its owner does for a stake. Signed: one signature when an allowance is there already, otherwise a permit for exactly this amount
 * comes first. Sent: each call from the wallet, in one where it can.
 */
export async function stakeSteps(wallet: Wallet, order: StakeOrder, owner: string): Promise<Step[]> {
  const prepared = await api.prepareStake({
    id: order.market.id,
    owner,
    outcome: order.outcome,
    amount: String(order.amount),
  });
  if (stakeWay(payingOf(wallet, order, prepared.calls), prepared) === "sent")
    return callSteps(wallet, prepared.calls);
  const { intent, permit, typedData } = prepared;
  const told = amountTold(order);
  const title = t`Stake ${told} on ${labelOf(order)}`;
  return signedSteps(wallet, { told, title, permit, typedData }, (signed) =>
    api.relayStake({ intent, ...signed }),
  );
}

/** Whether the owner wants to pay the gas of these calls, and whether he need not. */
export const payingOf = (
  { account }: Pick<Wallet, "account">,
  { ownGas }: { ownGas: boolean },
  calls: readonly Call[],
): { ownGas: boolean; sponsored: boolean } => ({
  ownGas,
  sponsored: calls.every(({ chainId }) => account?.sponsoredOn.includes(chainId) ?? false),
});

export const amountTold = ({
  amount,
  decimals,
  symbol,
}: Pick<StakeOrder, "amount" | "decimals" | "symbol">) => `${formatAmount(amount, decimals)} ${symbol}`;

type Permitted = { value: string; deadline: number; signature: string };
type Signed = { signature: string; permit: Permitted | null };

/** What is signed for a stake, on whatever it is, and how it is sent then. `told`: the amount; `title`: of the second signature. */
export function signedSteps(
  wallet: Pick<Wallet, "sign">,
  o: { told: string; title: string; permit: TypedData | null; typedData: TypedData },
  relay: (signed: Signed) => Promise<Relayed>,
): Step[] {
  const { permit, typedData } = o;
  const signed: Signed = { signature: "", permit: null };
  const allow: Step[] = permit
    ? [
        {
          title: t`Allow exactly ${o.told}`,
          run: async (onState) => {
            onState("signing");
            signed.permit = { ...permitFields(permit), signature: await wallet.sign(permit) };
          },
        },
      ]
    : [];
  return [
    ...allow,
    {
      title: o.title,
      run: async (onState) => {
        onState("signing");
        signed.signature = await wallet.sign(typedData);
      },
    },
    {
      title: t`Sent for you, without gas`,
      run: async (onState) => {
        onState("working");
        await untilMined(await relay(signed), () => onState("mining"));
      },
    },
  ];
}

const labelOf = ({ market, outcome }: StakeOrder) => {
  const label = market.outcomes[outcome]?.label;
  return label === undefined ? t`outcome ${outcome}` : sayAnswer(label);
};

/** What of a permit is handed over beside its signature. */
function permitFields({ message }: TypedData): { value: string; deadline: number } {
  return { value: String(message["value"]), deadline: Number(message["deadline"]) };
}

/** Waits until what the platform sends for its owner stands in a block. @throws WalletError when it does not, or takes long */
async function untilMined(first: Relayed, onSent: () => void): Promise<void> {
  let state = first;
  const end = performance.now() + RELAY_LIMIT_MS;
  while (state.status !== "mined") {
    if (state.status === "failed")
      throw WalletError.relay_failed({
        reason: state.error?.message ?? t`The relayer could not send the stake.`,
      });
    if (performance.now() > end)
      throw WalletError.relay_failed({
        reason: t`The relayer takes long. Look at your positions before trying again.`,
      });
    onSent();
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    state = await api.getRelayed({ id: state.id }).catch((error: unknown) => {
      // A hiccup of the connection says nothing about the stake: keep asking.
      if (error instanceof ApiError && (error.status === 0 || error.status >= 500)) return state;
      throw error;
    });
  }
}
