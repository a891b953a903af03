import { allowanceOf, quoteBundle } from "@sooth/bundles";
import {
  approvals,
  type Bundle,
  bundleId,
  type Leg,
  legFromWire,
  legHash,
  legsHashOf,
  asToldAcross,
  openingCalls,
  type Pledge,
  PLEDGES,
  type WireBundleCall,
  type WireBundleQuote,
  wireBundleQuote,
  type WirePrepareBundle,
  wirePreparedBundle,
} from "@sooth/bundles/core";
import { type Address, type Hex, sameAddress } from "@sooth/kernel";
import { randomBytes } from "node:crypto";
import { bytesToBigInt, erc20Abi } from "viem";
import { OpsError } from "../ops-error.ts";
import { type ChainAt, ifNode, isOwn, type Server } from "./network.ts";
import { refuseOther } from "./refuse-other.ts";

/** A bundle as this machine put it together: nothing in it but the price, where no node is at hand, is of the server's saying. */
export type Plan = {
  id: Hex;
  bundle: Bundle;
  legs: readonly Leg[];
  isPrivate: boolean;
  asked: WirePrepareBundle;
  calls: readonly WireBundleCall[];
  /** Null where the file names the fee and no node could be asked. */
  quote: WireBundleQuote | null;
  pledges: readonly Pledge[];
};

/**
 * Puts header, id and calls together, and holds what the server makes of the same file against them.
 * @param signs whether the fee will be agreed to
 * @throws ops.other_bundle, ops.no_fee, and what the server refuses
 */
export async function planBundle(
  server: Server,
  chainAt: ChainAt,
  asked: WirePrepareBundle,
  signs: boolean,
): Promise<Plan> {
  const { hub, addresses, api } = server;
  const legs = asked.legs.map(legFromWire);
  const isPrivate = asked.private ?? false;
  const owner = asked.owner.toLowerCase() as Address;
  const quote = await ownQuote(server, chainAt, { ...asked, owner }, legs);
  const bundle: Bundle = {
    owner,
    mode: asked.mode,
    legs: legs.length,
    deadline: asked.deadline,
    legsHash: legsHashOf(legs.map(legHash)),
    fee: BigInt(asked.fee ?? quote?.fee ?? (await toldFee(server, asked, signs))),
    salt: asked.salt === undefined ? bytesToBigInt(randomBytes(8)) : BigInt.asUintN(64, BigInt(asked.salt)),
  };
  const id = bundleId(hub, bundle);
  const plain = openingCalls(hub, addresses.escrow, { bundle, legs, isPrivate });
  const whole = { ...asked, owner, fee: String(bundle.fee), salt: String(bundle.salt) };
  const told = await api.post("/v1/bundles/prepare", whole, wirePreparedBundle);
  const calls = asToldAcross(plain, addresses.escrow, { bundle, legs }, told.calls);
  refuseOther({ id, bundle, calls }, told);
  return { id, bundle, legs, isPrivate, asked: whole, calls, quote, pledges: PLEDGES[asked.mode] };
}

/**
 * The fee of a bundle whose legs name it, so that it is wanted before they are made: for legs with any fee in them, of the size of
 * that one. @throws ops.no_fee
 */
export const feeBefore = async (
  server: Server,
  chainAt: ChainAt,
  asked: WirePrepareBundle,
  signs: boolean,
): Promise<bigint> =>
  BigInt(
    (await ownQuote(server, chainAt, asked, asked.legs.map(legFromWire)))?.fee ??
      (await toldFee(server, asked, signs)),
  );

/** What relaying costs by nodes of one's own; null where one is wanting. */
async function ownQuote(
  { hub, addresses }: Server,
  chainAt: ChainAt,
  { owner, mode, fee, private: isPrivate = false }: WirePrepareBundle,
  legs: readonly Leg[],
): Promise<WireBundleQuote | null> {
  const chains = await ifNode(async () => ({
    hub: chainAt(hub.chainId),
    rollups: [...new Set(legs.map(({ chainId }) => chainId))].flatMap((chainId) =>
      chainId === hub.chainId ? [] : chainAt(chainId),
    ),
  }));
  if (!chains) return null;
  return quoteBundle(
    { ...chains, addresses },
    { owner: owner as Address, mode, legs, fee: fee === undefined ? null : BigInt(fee), isPrivate },
  );
}

/** What the server would have for it. Nobody agrees to that unseen. @throws ops.no_fee */
async function toldFee({ api }: Server, asked: WirePrepareBundle, signs: boolean): Promise<string> {
  const { fee } = await api.post("/v1/bundles/quote", asked, wireBundleQuote);
  if (signs) throw OpsError.no_fee({ fee });
  return fee;
}

/**
 * Of what a plan wants sent first this account's part, the opening aside: an allowance that is there already is left out.
 * @throws ops.no_key where no node of a chain is known
 */
export async function paymentsIn(
  { legs, calls }: Pick<Plan, "legs" | "calls">,
  own: Address,
  escrow: Address,
  chainAt: ChainAt,
): Promise<WireBundleCall[]> {
  const payIns = calls.filter(({ what, by }) => what === "prepare" && isOwn(by, own));
  return [...(await wantedApprovals(own, legs, escrow, chainAt)), ...payIns];
}

/** What `own` must still let the escrow take to pay what he pays of these legs. @throws ops.no_key */
export async function wantedApprovals(
  own: Address,
  legs: readonly Leg[],
  escrow: Address,
  chainAt: ChainAt,
): Promise<WireBundleCall[]> {
  const wanted = approvals(legs, escrow).filter(({ payer }) => sameAddress(payer, own));
  const found = await Promise.all(
    wanted.map(async ({ chainId, token, payer, amount, call }) =>
      (await allowanceOf(chainAt(chainId), token, payer, escrow)) >= amount ? [] : [call],
    ),
  );
  return found.flat();
}

/** What `own` pays of these legs he has now. A chain without a node at hand is not asked. @throws ops.no_tokens */
export async function refuseWithoutTokens(
  own: Address,
  legs: readonly Leg[],
  escrow: Address,
  chainAt: ChainAt,
): Promise<void> {
  for (const { chainId, token, payer, amount } of approvals(legs, escrow)) {
    if (!sameAddress(payer, own)) continue;
    const balance = await ifNode(() =>
      chainAt(chainId).client.readContract({
        address: token,
        abi: erc20Abi,
        functionName: "balanceOf",
        args: [own],
      }),
    );
    if (balance !== undefined && balance < amount)
      throw OpsError.no_tokens({
        owner: own,
        token,
        chainId,
        balance: String(balance),
        wanted: String(amount),
      });
  }
}
