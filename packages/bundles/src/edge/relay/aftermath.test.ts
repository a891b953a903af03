import type { Chain } from "@sooth/chain";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { NO_RESULT } from "../../core/index.ts";
import { receiptSoon } from "./aftermath.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const RECEIPT = { gasUsed: "0x64", effectiveGasPrice: "0x2", logs: [], l1Fee: "0x5" };
async function ask(answers: readonly (() => Promise<unknown>)[]) {
  let asked = 0;
  const request = () => answers[Math.min(asked++, answers.length - 1)]?.();
  const found = receiptSoon({ client: { request } } as unknown as Chain, [NO_RESULT]);
  await vi.advanceTimersByTimeAsync(60_000);
  return { found: await found, asked };
}
const silent = () => Promise.reject(new Error("the node does not answer"));

test("attack: a node that hiccups uses up nothing: it is asked again what a step cost", async () => {
  const { found } = await ask([silent, () => Promise.resolve(null), () => Promise.resolve(RECEIPT)]);
  expect(found).toEqual({ wei: 205n, logs: [] });
});

test("but not for ever", async () => {
  const { found, asked } = await ask([silent]);
  expect([found, asked]).toEqual([null, 4]);
});

test("what was mined counts, be it what was sent first, and not what was offered instead of it", async () => {
  const [first, second] = [NO_RESULT, `0x${"5e".repeat(32)}`] as const;
  const request = ({ params }: { params: readonly string[] }) =>
    params[0] === first ? Promise.resolve(RECEIPT) : Promise.resolve(null);
  const chain = { client: { request } } as unknown as Chain;
  expect(await receiptSoon(chain, [first, second])).toEqual({ wei: 205n, logs: [] });
});
