import { escrowAbi } from "@sooth/abi";
import { type Address, need } from "@sooth/kernel";
import { decodeFunctionData } from "viem";
import { expect, test } from "vitest";
import type { Call } from "../../api.ts";
import type { Wallet } from "../wallet/wallet-context.tsx";
import { planOf } from "./build-draft.ts";
import { newDraft } from "./draft.ts";
import { sendSteps } from "./send-steps.ts";

const [A, B] = [31_338, 31_339];
const [OWNER, OTHER, TOKEN, HUB, ESCROW, SETTLER] = ["aa", "bb", "cc", "dd", "ee", "ff"].map(
  (byte): Address => `0x${byte.repeat(20)}`,
) as [Address, Address, Address, Address, Address, Address];
const contracts = { hub: { chainId: 31_337, hub: HUB }, escrow: ESCROW, settler: SETTLER };
const fresh = { ...newDraft({ chains: [A, B], token: TOKEN }), seconds: 1_800 };
const { built } = planOf(
  {
    ...fresh,
    gives: { ...fresh.gives, amount: "5" },
    wants: { ...fresh.wants, amount: "2" },
    partner: OTHER,
  },
  {
    hub: contracts.hub,
    owner: OWNER,
    now: 1_800_000_000,
    fee: 7n,
    salt: 1n,
    random: `0x${"01".repeat(32)}`,
    decimalsOf: () => 6,
  },
);

/** What the owner's wallet sends to the escrow when he opens the swap himself. */
async function putIn(across: readonly number[]): Promise<string[]> {
  const sent: Call[] = [];
  const wallet = {
    account: { address: OWNER, atomicOn: [] },
    allowanceOn: async () => 10n ** 18n,
    sendAll: async (calls: readonly Call[]) => {
      sent.push(...calls);
    },
  } as unknown as Wallet;
  const steps = await sendSteps({
    wallet,
    contracts,
    built: need(built, "a bundle"),
    across: new Set(across),
    how: "self",
    isPrivate: false,
    title: String,
    onOpen: () => {},
  });
  // The opening, its page, and what he puts in.
  expect(steps).toHaveLength(3);
  await need(steps[2], "what is put in").run(() => {});
  return sent.map(({ chainId, to, data }) => {
    expect([chainId, to]).toEqual([A, ESCROW]);
    return decodeFunctionData({ abi: escrowAbi, data: data as Address }).functionName;
  });
}

test("who opens a swap himself shows the other legs where the escrow wants it, and nowhere else", async () => {
  expect(await putIn([0])).toEqual(["prepareAcross"]);
  expect(await putIn([])).toEqual(["prepare"]);
});
