import { t } from "@lingui/core/macro";
import { escrowPartiesOf } from "@sooth/bundles/core";
import { sameAddress } from "@sooth/kernel";
import { PERMIT_TYPES } from "@sooth/markets/core";
import { encodeFunctionData, erc20Abi, type Hex, parseSignature } from "viem";
import type { api, BundleDetail, Call, TypedData } from "../../api.ts";
import { callSteps } from "../steps/call-steps.ts";
import type { Step } from "../steps/use-steps.ts";
import type { PermitFacts } from "../wallet/read-permit.ts";
import type { Wallet } from "../wallet/wallet-context.tsx";

/** What the escrow is to take from one payer on one chain. */
export type Due = { chainId: number; token: string; amount: bigint; places: number[] };

/** The legs of a bundle that this account has yet to pay, a sum for each token and chain. */
export function duesOf({ shown }: Pick<BundleDetail, "shown">, payer: string): Due[] {
  const dues = new Map<string, Due>();
  for (const { place, leg, state } of shown) {
    const parties = leg?.kind === "escrow" ? escrowPartiesOf({ data: leg.data as Hex }) : null;
    if (!leg || !parties || state !== "none" || !sameAddress(parties.payer, payer)) continue;
    const key = `${leg.chainId} ${leg.target.toLowerCase()}`;
    const { amount = 0n, places = [] } = dues.get(key) ?? {};
    dues.set(key, {
      chainId: leg.chainId,
      token: leg.target,
      amount: amount + BigInt(leg.value),
      places: [...places, place],
    });
  }
  return [...dues.values()];
}

type Asking = Pick<Wallet, "allowanceOn" | "permitOn" | "sendAll" | "sign" | "account">;
type Where = { escrow: string; title: (chainId: number) => string };

/** Lets the escrow take what is due, where it may not take as much yet. */
export async function allowSteps(
  wallet: Pick<Wallet, "account" | "allowanceOn" | "sendAll">,
  dues: readonly Due[],
  where: Where,
): Promise<Step[]> {
  const lacking = await lackingOf(wallet, dues, where);
  return callSteps(
    wallet,
    lacking.map((due) => approveCall(due, where)),
  );
}

/** A signature of EIP-2612 as the API takes it, by the leg that it is for. */
export type Permits = ReadonlyMap<number, NonNullable<Parameters<typeof api.addBundlePayer>[0]["permit"]>>;

/**
 * The same where others put the tokens in: a token that takes permits is let go by a signature, which they bring along, and nothing
 * is sent. One permit is for one leg: the first that is brought uses it up.
 * @returns `permits` once the steps ran, for the legs `permitted`
 * @param deadline of the permits, unix seconds
 */
export async function permitSteps(
  wallet: Asking,
  dues: readonly Due[],
  { deadline, ...where }: Where & { deadline: number },
): Promise<{ steps: Step[]; permits: Permits; permitted: number[] }> {
  const permits = new Map<number, PermitOf<Permits>>();
  const permitted: number[] = [];
  const lacking = await lackingOf(wallet, dues, where);
  const owner = wallet.account?.address as Hex;
  const steps = await Promise.all(
    lacking.map(async (due): Promise<Step[]> => {
      const { chainId, token, amount, places } = due;
      const [place] = places;
      const facts = places.length === 1 ? await wallet.permitOn(chainId, token) : undefined;
      if (!facts || place === undefined) return callSteps(wallet, [approveCall(due, where)]);
      permitted.push(place);
      const sign: Step = {
        title: t`Sign that the escrow on ${where.title(chainId)} may take the tokens`,
        run: async (onState) => {
          onState("signing");
          const typed = permitData(facts, { owner, spender: where.escrow as Hex, value: amount, deadline });
          const { r, s, yParity } = parseSignature((await wallet.sign(typed)) as Hex);
          permits.set(place, { value: String(amount), deadline: String(deadline), v: 27 + yParity, r, s });
        },
      };
      return [sign];
    }),
  );
  return { steps: steps.flat(), permits, permitted };
}
type PermitOf<M> = M extends ReadonlyMap<number, infer P> ? P : never;

async function lackingOf(
  wallet: Pick<Wallet, "allowanceOn">,
  dues: readonly Due[],
  { escrow }: Where,
): Promise<Due[]> {
  const allowed = await Promise.all(
    dues.map(({ chainId, token }) => wallet.allowanceOn(chainId, token, escrow)),
  );
  return dues.filter(({ amount }, index) => (allowed[index] ?? 0n) < amount);
}

const approveCall = ({ chainId, token, amount }: Due, { escrow, title }: Where): Call => ({
  chainId,
  to: token,
  data: encodeFunctionData({ abi: erc20Abi, functionName: "approve", args: [escrow as Hex, amount] }),
  value: "0",
  purpose: t`Allow the escrow on ${title(chainId)} to take the tokens`,
});

type Wanted = { owner: Hex; spender: Hex; value: bigint; deadline: number };

/** EIP-2612, with numbers as JSON has them. */
const permitData = ({ domain, nonce }: PermitFacts, { owner, spender, value, deadline }: Wanted): TypedData =>
  ({
    domain,
    types: PERMIT_TYPES,
    primaryType: "Permit",
    message: { owner, spender, value: String(value), nonce: String(nonce), deadline: String(deadline) },
  }) as unknown as TypedData;
