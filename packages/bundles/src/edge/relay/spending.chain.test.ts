import { bundleHubAbi } from "@sooth/abi";
import { devAccount } from "@sooth/chain/local-node";
import type { Address, Hex } from "@sooth/kernel";
import { numberToHex } from "viem";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { bundleOf, type BundleStage, leg, openBundleStage, relayer, ROLLUP_A } from "../../../test/stage.ts";
import { type Ledger, openLedger, relay, type Relaying } from "../../../test/relaying.ts";
import type { Leg } from "../../core/index.ts";
import { MOST_GAS } from "./attempt.ts";
import { relayHeldBack, relayUnpaid } from "./metrics.ts";

let stage: BundleStage;
let ledger: Ledger;
let running: Relaying[] = [];
const accounts = [relayer, devAccount(10)];
const GWEI = 10n ** 9n;

beforeAll(async () => {
  [stage, ledger] = await Promise.all([openBundleStage({}, 1), openLedger()]);
});
afterAll(async () => {
  await stage.close();
  await ledger.close();
});
afterEach(async () => {
  await Promise.all(running.map(({ stop }) => stop()));
  running = [];
});
async function begin(gift: bigint): Promise<Relaying> {
  const begun = await relay(stage, ledger.store, accounts, { gift });
  running.push(begun);
  return begun;
}

/** `if (block.basefee == 0 || tx.gasprice == 0) return; while (true) {}`: a mere call costs nothing, and shows no loop. */
const BURNS_WHEN_PAID: Hex = "0x4815600e573a15600e575b600a565b00";
/** `if (sload(0) == 0) return; while (true) {}`: whoever can write to it decides when, after it was tried as well. */
const BURNS_WHEN_TOLD: Hex = "0x60005415600b575b6007565b00";
const STATED = 5_000_000;

let places = 0x5000n;
async function put(bytecode: Hex): Promise<Address> {
  const address = numberToHex(++places, { size: 20 });
  await stage.at(ROLLUP_A).node.setCode({ address, bytecode });
  return address;
}
const soon = async () => Number((await stage.hub.node.getBlock()).timestamp) + 3_600;
const open = async (one: Leg, fee: bigint) => stage.open(bundleOf([one], await soon(), { fee }), [one]);
const stateOf = (one: Relaying, id: Hex) => one.watch.shown(id)?.shown[0]?.state;
const sentOnRollup = async () => {
  const { node } = stage.at(ROLLUP_A);
  const counts = await Promise.all(accounts.map(({ address }) => node.getTransactionCount({ address })));
  return counts.reduce((a, b) => a + b, 0);
};
const until = (what: () => unknown) => vi.waitFor(what, { timeout: 60_000, interval: 50 });
/** Time in which what was decided once more would be sent. */
const aWhile = () => new Promise((resolve) => setTimeout(resolve, 1_000));
/** How often legs were left alone since, for what came of trying them. */
async function heldBack(): Promise<number> {
  const { values } = await relayHeldBack.get();
  return values
    .filter(({ labels }) => labels.what === "run" && labels.why !== "unattested")
    .reduce((sum, { value }) => sum + value, 0);
}
/** Wei that the keys hold on the rollup, and what the hub owes them. */
async function held(): Promise<bigint> {
  const { addresses, hub } = stage;
  const rollup = stage.at(ROLLUP_A).node;
  const [credit, ...balances] = await Promise.all([
    hub.node.readContract({
      address: addresses.bundleHub,
      abi: bundleHubAbi,
      functionName: "creditOf",
      args: [relayer.address],
    }),
    ...accounts.flatMap(({ address }) => [rollup.getBalance({ address }), hub.node.getBalance({ address })]),
  ]);
  return balances.reduce((a, b) => a + b, credit);
}

/** Somebody who sees the bundler's transactions wait, and tells their target to burn until they are in a block. */
function beginTelling(address: Address): () => Promise<void> {
  const { node } = stage.at(ROLLUP_A);
  const end = new AbortController();
  const tell = async () => {
    while (!end.signal.aborted) {
      const { pending } = await node.getTxpoolStatus();
      await node.setStorageAt({ address, index: 0, value: numberToHex(pending > 0 ? 1 : 0, { size: 32 }) });
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  };
  const told = tell();
  return async () => {
    end.abort();
    await told;
  };
}

test("a target that burns its gas only where gas costs something burns it in the try, and is not brought", async () => {
  const id = await open(
    leg({ chainId: ROLLUP_A, target: await put(BURNS_WHEN_PAID), gasLimit: STATED }),
    10n ** 17n,
  );
  const [before, left] = [await sentOnRollup(), await heldBack()];
  const one = await begin(10n ** 18n);
  await until(async () => expect(await heldBack()).toBeGreaterThan(left));
  await aWhile();
  expect([await sentOnRollup(), stateOf(one, id)]).toEqual([before, "none"]);
});

test("gas that a leg states and its share does not repay is not spent, however little a try of it takes", async () => {
  // Enough for some hundred thousands of gas, were it what a try takes.
  const id = await open(
    leg({ chainId: ROLLUP_A, target: await put(BURNS_WHEN_TOLD), gasLimit: STATED }),
    10n ** 15n,
  );
  const before = await sentOnRollup();
  const one = await begin(0n);
  await until(async () => expect((await relayUnpaid.get()).values[0]?.value).toBeGreaterThan(0));
  await aWhile();
  expect([await sentOnRollup(), stateOf(one, id)]).toEqual([before, "none"]);
});

test("burners that pay for it starve no stranger in their batch, fail by themselves, and leave the bundler no poorer", async () => {
  const target = await put(BURNS_WHEN_TOLD);
  const quiet = await put("0x00");
  const before = await held();
  const from = await stage.at(ROLLUP_A).node.getBlockNumber();
  const burners: Hex[] = [];
  const strangers: Hex[] = [];
  for (let index = 0; index < 2; index++)
    burners.push(
      await open(
        leg({ chainId: ROLLUP_A, target, gasLimit: STATED, salt: numberToHex(index, { size: 32 }) }),
        10n ** 17n,
      ),
    );
  for (let index = 0; index < 6; index++)
    strangers.push(
      await open(
        leg({ chainId: ROLLUP_A, target: quiet, gasLimit: 60_000, salt: numberToHex(index, { size: 32 }) }),
        2_000_000n * GWEI,
      ),
    );
  const stopTelling = beginTelling(target);
  const one = await begin(0n);
  await until(() => expect(strangers.map((id) => stateOf(one, id))).toEqual(strangers.map(() => "ok")));
  await until(() => expect(burners.map((id) => stateOf(one, id))).not.toContain("none"));
  await until(() =>
    expect([...burners, ...strangers].every((id) => one.watch.shown(id)?.hub.settled)).toBe(true),
  );
  await stopTelling();
  expect(burners.map((id) => stateOf(one, id))).toContain("failed");
  const { node } = stage.at(ROLLUP_A);
  const last = await node.getBlockNumber();
  const ours = new Set<string>(accounts.map(({ address }) => address.toLowerCase()));
  for (let number = from; number <= last; number++) {
    const { transactions } = await node.getBlock({ blockNumber: number, includeTransactions: true });
    for (const { hash, gas } of transactions.filter((sent) => ours.has(sent.from))) {
      expect(gas).toBeLessThanOrEqual(MOST_GAS);
      expect((await node.getTransactionReceipt({ hash })).status).toBe("success");
    }
  }
  expect(await held()).toBeGreaterThanOrEqual(before);
});
