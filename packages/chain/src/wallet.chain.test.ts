import { keccak256, toHex } from "viem";
import { afterAll, beforeAll, expect, test } from "vitest";
import { emitterAbi } from "../test/emitter.ts";
import { type Emitting, openEmitting } from "../test/stage.ts";
import { walletOf } from "./index.ts";
import { devAccount } from "./local-node/index.ts";

let emitting: Emitting;
beforeAll(async () => {
  emitting = await openEmitting();
});
afterAll(() => emitting.close());

const effect = (key: string) =>
  ({
    address: emitting.emitter,
    abi: emitterAbi,
    functionName: "effect",
    args: [keccak256(toHex(key))],
  }) as const;
const gasOf = async (hash: `0x${string}`) => (await emitting.node.getTransaction({ hash })).gas;

test("a call is allowed half again of its estimate", async () => {
  const account = devAccount(1);
  const estimate = await emitting.node.estimateContractGas({ ...effect("room"), account });
  const sent = await walletOf(emitting.chain, account).writeContract(effect("room"));
  expect(await gasOf(sent)).toBe((estimate * 3n + 1n) / 2n);
});

test("who names the gas himself gets that", async () => {
  const sent = await walletOf(emitting.chain, devAccount(2)).writeContract({
    ...effect("own"),
    gas: 80_000n,
  });
  expect(await gasOf(sent)).toBe(80_000n);
});
