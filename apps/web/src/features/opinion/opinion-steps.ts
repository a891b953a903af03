import type { Address, Hex } from "@sooth/kernel";
import { sealStance } from "@sooth/markets/core";
import { toHex } from "viem";
import { api } from "../../api.ts";
import { formatAmount } from "../../format/amount.ts";
import { callSteps } from "../steps/call-steps.ts";
import type { Step } from "../steps/use-steps.ts";
import { permitFields, untilMined } from "../stake/stake-steps.ts";
import type { Wallet } from "../wallet/wallet-context.tsx";

/** What somebody wants to say, and for how much. */
export type OpinionOrder = {
  market: string;
  /** Whether the market wants stances hidden until it closes. */
  hidden: boolean;
  closesAt: number;
  text: string;
  band: number;
  amount: bigint;
  decimals: number;
  symbol: string;
};

const chance = (): Hex => toHex(crypto.getRandomValues(new Uint8Array(32)));

/** The text is kept first: a stake names it by its hash, and what nobody can read counts for nothing. */
async function prepare(wallet: Wallet, order: OpinionOrder, owner: string) {
  const { market, hidden, text, band, amount } = order;
  const { sha256: opinion } = await api.postContent({ text });
  const asked = { id: market, owner, amount: String(amount), opinion };
  if (!hidden) return api.prepareOpinion({ ...asked, band });
  return api.prepareOpinion({ ...asked, band: null, ...(await hide(wallet, order, owner)) });
}

/** Locks the stance in this page, until the market is closed: neither the server nor anybody else is told. */
async function hide(wallet: Wallet, { market, closesAt, band }: OpinionOrder, owner: string) {
  const beacon = await wallet.readBeacon();
  const salt = chance();
  const stance = { market: market as Hex, closesAt, owner: owner as Address, band };
  // With these its owner tells it himself, should the beacon fall silent.
  localStorage.setItem(stanceKey(market, owner), JSON.stringify({ band, salt }));
  return sealStance(beacon, stance, { salt, chance: chance() });
}

/** Where a browser keeps what tells a hidden stance. */
const stanceKey = (market: string, owner: string): string => `sooth.stance.${market}.${owner.toLowerCase()}`;

/** The way without gas: signatures in the wallet, the platform sends. */
export async function gaslessOpinion(wallet: Wallet, order: OpinionOrder, owner: string): Promise<Step[]> {
  const { intent, permit, typedData } = await prepare(wallet, order, owner);
  const told = `${formatAmount(order.amount, order.decimals)} ${order.symbol}`;
  let permitted: { value: string; deadline: number; signature: string } | null = null;
  let signature = "";
  return [
    ...(permit
      ? [
          {
            title: `Allow exactly ${told}`,
            run: async (onState) => {
              onState("signing");
              permitted = { ...permitFields(permit), signature: await wallet.sign(permit) };
            },
          } satisfies Step,
        ]
      : []),
    {
      title: `Sign your opinion and ${told}`,
      run: async (onState) => {
        onState("signing");
        signature = await wallet.sign(typedData);
      },
    },
    {
      title: "Sent for you, without gas",
      run: async (onState) => {
        onState("working");
        await untilMined(await api.relayOpinion({ intent, signature, permit: permitted }), () =>
          onState("mining"),
        );
      },
    },
  ];
}

/** The way with own gas: the wallet sends each call itself. */
export async function ownGasOpinion(wallet: Wallet, order: OpinionOrder, owner: string): Promise<Step[]> {
  return callSteps(wallet, (await prepare(wallet, order, owner)).calls);
}
