import { t } from "@lingui/core/macro";
import { bundleHubAbi } from "@sooth/abi";
import { bundleToWire, bundleTypedData, type Built, legToWire } from "@sooth/bundles/core";
import { encodeFunctionData } from "viem";
import { api } from "../../api.ts";
import { allowSteps, duesOf, type Permits, permitSteps } from "../bundle/allow-steps.ts";
import { type Contracts, openCall, prepareCall } from "../bundle/checked-call.ts";
import { readable } from "../bundle/payer-sign.tsx";
import { legNames } from "../bundle/words.ts";
import { callSteps } from "../steps/call-steps.ts";
import { listed, onceKnown } from "../steps/once-known.ts";
import type { Step } from "../steps/use-steps.ts";
import type { Wallet } from "../wallet/wallet-context.tsx";
import { previewOf } from "./preview.ts";

/** `relayed`: the owner signs, others open it and bring its legs. */
export type How = "relayed" | "self";

type Sending = {
  wallet: Wallet;
  contracts: Contracts;
  built: Built;
  /** Legs whose escrow wants to see the other ones: the server's word, for either call pays in the same. */
  across: ReadonlySet<number>;
  how: How;
  isPrivate: boolean;
  title: (chainId: number) => string;
  onOpen: (id: string) => void;
};

/**
 * What is to be signed and sent until this bundle is open, and the owner's tokens may be taken: all of it made here, of what the
 * page showed. The server only keeps what was signed.
 */
export async function sendSteps(sending: Sending): Promise<Step[]> {
  const { wallet, contracts, built, across, how, isPrivate, title, onOpen } = sending;
  const { owner } = built.bundle;
  const known = listed(async () => {
    await onceKnown(built.id, () => api.getBundle({ id: built.id }));
    onOpen(built.id);
  });
  const dues = duesOf(previewOf(built), owner);
  const where = { escrow: contracts.escrow, title };
  if (how === "relayed") {
    const { deadline } = built.bundle;
    const { steps, permits, permitted } = await permitSteps(wallet, dues, { ...where, deadline });
    const [sign, handOver] = signSteps(sending, permits);
    const deposit = await depositStep(sending);
    return [...steps, ...deposit, sign, ...(permitted.length > 0 ? [handOver] : []), known];
  }
  const allow = await allowSteps(wallet, dues, where);
  const hub = title(contracts.hub.chainId);
  const open = { ...openCall(contracts, built, isPrivate), purpose: t`Open it at the hub on ${hub}` };
  const put = dues
    .flatMap(({ places }) => places)
    .map((place) => {
      const call = prepareCall(contracts, built, place, "0x", undefined, across.has(place));
      return {
        ...call,
        purpose: t`Put in what is paid, ${legNames([place])} on ${title(call.chainId)}`,
      };
    });
  return [
    ...callSteps(wallet, [open]),
    known,
    ...(isPrivate ? [handOverStep(sending)] : []),
    ...allow,
    ...callSteps(wallet, put),
  ];
}

/** Opened by others, its fee comes from what the owner has at the hub. */
async function depositStep({ wallet, contracts: { hub }, built }: Sending): Promise<Step[]> {
  const { fee, owner } = built.bundle;
  const missing = fee - (await wallet.bundleCredit());
  if (missing <= 0n) return [];
  const data = encodeFunctionData({ abi: bundleHubAbi, functionName: "deposit", args: [owner] });
  const call = {
    chainId: hub.chainId,
    to: hub.hub,
    data,
    value: String(missing),
    purpose: t`Pay the fee in at the hub`,
  };
  return callSteps(wallet, [call]);
}

/** The signature that opens it is the owner's consent to put his own in, too; what he permitted is handed over with it. */
function signSteps(
  { wallet, contracts: { hub }, built, isPrivate }: Sending,
  permits: Permits,
): [Step, Step] {
  let signature = "0x";
  const sign: Step = {
    title: t`Sign the bundle`,
    run: async (onState) => {
      onState("signing");
      signature = await wallet.sign(readable(bundleTypedData(hub, built.bundle)));
      onState("working");
      await api.openBundle({
        bundle: bundleToWire(built.bundle),
        legs: built.legs.map(legToWire),
        signature,
        private: isPrivate,
      });
    },
  };
  const handOver: Step = {
    title: t`Hand your permission to the relayers`,
    run: async () => {
      for (const [leg, permit] of permits)
        await api.addBundlePayer({ id: built.id, payer: built.bundle.owner, leg, signature, permit });
    },
  };
  // Permits are signed by the steps before: whether there are any is known by then, not now.
  return [sign, handOver];
}

/** Opened by its hash alone: what is logged at the hub is read by everybody. */
const handOverStep = ({ built }: Sending): Step => ({
  title: t`Hand the legs to the relayers`,
  run: async () => {
    await api.handOverLegs({
      id: built.id,
      bundle: bundleToWire(built.bundle),
      legs: built.legs.map(legToWire),
    });
  },
});
