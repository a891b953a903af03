import { bundleHubAbi } from "@sooth/abi";
import { type Chain, chainById, type DirectLane } from "@sooth/chain";
import type { Hex } from "@sooth/kernel";
import { logger } from "@sooth/runtime";
import { encodeAbiParameters, encodeEventTopics, getAbiItem, numberToHex } from "viem";
import { expect, test, vi } from "vitest";
import { type Bundle, bundleId, headerOf, hubGas, NO_RESULT, NOBODY } from "../../core/index.ts";
import { MOST_GAS, type TriedLog } from "./attempt.ts";
import { Opener } from "./openings.ts";
import type { Signed } from "./ports.ts";

const HUB = 31_337;
const where = { chainId: HUB, hub: `0x${"11".repeat(20)}` as Hex };
const signed = (salt: bigint): Signed => {
  const bundle: Bundle = {
    owner: NOBODY,
    mode: "ordered",
    legs: 1,
    deadline: 2_000,
    legsHash: NO_RESULT,
    fee: 10n ** 18n,
    salt,
  };
  return { bundle, signature: "0x", legs: null };
};
const openedLog = ({ bundle }: Signed): TriedLog => {
  const { inputs } = getAbiItem({ abi: bundleHubAbi, name: "Opened" });
  const args = { id: bundleId(where, bundle), owner: bundle.owner };
  return {
    address: where.hub,
    topics: encodeEventTopics({ abi: bundleHubAbi, eventName: "Opened", args }) as Hex[],
    data: encodeAbiParameters(inputs.slice(2), [0n, headerOf(bundle), "0x"] as never),
  };
};

/** What the transaction states that opens them, when all of them together took so much in the trial. */
async function stated(openings: readonly Signed[], gasUsed: bigint): Promise<bigint> {
  const simulated = {
    status: "0x1",
    returnData: "0x",
    gasUsed: numberToHex(gasUsed),
    logs: openings.map(openedLog),
  };
  const send = vi.fn<(call: { gas: bigint }) => Promise<{ used: Promise<null> }>>(() =>
    Promise.resolve({ used: Promise.resolve(null) }),
  );
  const opener = new Opener({
    hub: {
      definition: chainById(HUB),
      now: () => Promise.resolve(1_000),
      client: { request: () => Promise.resolve([{ calls: [simulated] }]) },
    } as unknown as Chain,
    addresses: { bundleHub: where.hub },
    handedOver: { openings: () => Promise.resolve(openings) },
    leastFee: 0n,
    attesterBps: 0,
    gift: 0n,
    charge: () => {},
    log: logger("test"),
  });
  await opener.turn({ account: NOBODY, market: null, balance: 0n, send } as unknown as DirectLane);
  return send.mock.calls.reduce((most, [{ gas }]) => (gas > most ? gas : most), 0n);
}

test("an owner's contract that takes all its gas in the block leaves enough for the others", async () => {
  const two = [signed(1n), signed(2n)];
  expect(await stated(two, 100_000n)).toBeGreaterThanOrEqual(100_000n + 2n * 150_000n);
});

test("no transaction states more than a block lets it, however dear its openings are", async () => {
  const one = signed(1n);
  expect(hubGas("ordered", 1, 0).opening).toBeLessThan(MOST_GAS);
  expect(await stated([one], MOST_GAS - 1n)).toBe(MOST_GAS);
});
