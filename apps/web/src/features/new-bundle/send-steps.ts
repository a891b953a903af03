import { bundleHubAbi } from "@sooth/abi";
import {
  bundleFromWire,
  bundleId,
  bundleToWire,
  bundleTypedData,
  type Built,
  type Hub,
  legToWire,
} from "@sooth/bundles/core";
import { sameAddress } from "@sooth/kernel";
import { encodeFunctionData } from "viem";
import { api, ApiError, type BundleCall, type PreparedBundle } from "../../api.ts";
import { readable } from "../bundle/payer-sign.tsx";
import { callWords, legName } from "../bundle/words.ts";
import { callSteps } from "../steps/call-steps.ts";
import { listed, onceKnown } from "../steps/once-known.ts";
import type { Step } from "../steps/use-steps.ts";
import type { Wallet } from "../wallet/wallet-context.tsx";

/** `relayed`: the owner signs, others open it and bring its legs. */
export type How = "relayed" | "self";

type Sending = {
  wallet: Wallet;
  hub: Hub;
  built: Built;
  how: How;
  isPrivate: boolean;
  title: (chainId: number) => string;
  onOpen: (id: string) => void;
};

/**
 * What is to be signed and sent until this bundle is open, and the owner's tokens may be taken. The server prepares the calls; that they
 * are of the very bundle that was shown is checked here.
 */
export async function sendSteps(sending: Sending): Promise<Step[]> {
  const { wallet, built, how, onOpen } = sending;
  const { bundle } = built;
  const wire = bundleToWire(bundle);
  const prepared = await api.prepareBundle({
    owner: bundle.owner,
    mode: bundle.mode,
    deadline: bundle.deadline,
    fee: wire.fee,
    salt: wire.salt,
    legs: built.legs.map(legToWire),
    private: sending.isPrivate,
  });
  refuseOther(sending, prepared);
  const known = listed(async () => {
    await onceKnown(built.id, () => api.getBundle({ id: built.id }));
    onOpen(built.id);
  });
  const own = prepared.calls.filter(({ by }) => by === null || sameAddress(by, bundle.owner));
  const allow = own.filter(({ what }) => what === "approve");
  if (how === "relayed")
    return [
      ...callSteps(wallet, named(allow, sending)),
      ...(await depositStep(sending)),
      signStep(sending),
      known,
    ];
  const open = own.filter(({ what }) => what === "open");
  const put = own.filter(({ what }) => what === "prepare");
  return [
    ...callSteps(wallet, named(open, sending)),
    known,
    ...(sending.isPrivate ? [handOverStep(sending)] : []),
    ...callSteps(wallet, named([...allow, ...put], sending)),
  ];
}

/** @throws web.other_bundle when the server speaks of another bundle than the one on the page */
function refuseOther({ hub, built }: Sending, { id, bundle }: PreparedBundle): void {
  if (id === built.id && bundleId(hub, bundleFromWire(bundle)) === built.id) return;
  throw new ApiError({
    code: "web.other_bundle",
    message: "the server prepared another bundle than the one on this page, so nothing was signed",
    status: 0,
  });
}

const named = (calls: readonly BundleCall[], { title }: Sending) =>
  calls.map((call) => ({
    ...call,
    purpose: `${callWords(call.what, "none")}${call.leg === null ? "" : `, ${legName(call.leg).toLowerCase()}`} on ${title(call.chainId)}`,
  }));

/** Opened by others, its fee comes from what the owner has at the hub. */
async function depositStep({ wallet, hub, built }: Sending): Promise<Step[]> {
  const { fee, owner } = built.bundle;
  const missing = fee - (await wallet.bundleCredit());
  if (missing <= 0n) return [];
  const data = encodeFunctionData({ abi: bundleHubAbi, functionName: "deposit", args: [owner] });
  const call = {
    chainId: hub.chainId,
    to: hub.hub,
    data,
    value: String(missing),
    purpose: "Pay the fee in at the hub",
  };
  return callSteps(wallet, [call]);
}

function signStep({ wallet, hub, built, isPrivate }: Sending): Step {
  return {
    title: "Sign the bundle",
    run: async (onState) => {
      onState("signing");
      const signature = await wallet.sign(readable(bundleTypedData(hub, built.bundle)));
      onState("working");
      await api.openBundle({
        bundle: bundleToWire(built.bundle),
        legs: built.legs.map(legToWire),
        signature,
        private: isPrivate,
      });
    },
  };
}

/** Opened by its hash alone: what is logged at the hub is read by everybody. */
const handOverStep = ({ built }: Sending): Step => ({
  title: "Hand the legs to the relayers",
  run: async () => {
    await api.handOverLegs({
      id: built.id,
      bundle: bundleToWire(built.bundle),
      legs: built.legs.map(legToWire),
    });
  },
});
