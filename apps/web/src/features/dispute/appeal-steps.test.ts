import { appealReasonTypedData, reasonHash } from "@sooth/oracle/core";
import { expect, test } from "vitest";
import { ApiError, type Call, type Dispute } from "../../api.ts";
import { appealSteps } from "./appeal-steps.ts";

const DISPUTE = `0x${"d1".repeat(32)}` as const;
const APPEAL = `0x${"aa".repeat(32)}` as const;
const domain = { chainId: 31_337, oracle: `0x${"0a".repeat(20)}` } as const;
const calls = ["Bring the deposit", "Appeal to a larger jury"].map((purpose): Call => ({
  chainId: 31_337,
  to: "0x",
  data: "0x",
  value: "0",
  purpose,
}));

/** Runs all steps with a server that has seen the appeal after so many looks, and says what happened. */
async function run(why: string, { unseen = 0, refusal }: { unseen?: number; refusal?: Error } = {}) {
  const happened: unknown[] = [];
  let looks = 0;
  const steps = appealSteps(
    {
      wallet: {
        send: async ({ purpose }) => (happened.push(purpose), purpose.startsWith("Appeal") ? APPEAL : "0xbb"),
        sign: async (data) => (happened.push(data), "0x5161"),
      },
      api: {
        getDispute: async () => {
          looks += 1;
          const appeals = looks > unseen ? [{ transaction: APPEAL }] : [];
          return { appeals } as unknown as Dispute;
        },
        handOverAppealReason: async (asked) => {
          happened.push([looks, asked]);
          if (refusal) throw refusal;
          return { hash: "0x", text: null };
        },
      },
      domain,
      pauseMs: 0,
    },
    { dispute: DISPUTE, calls, why },
  );
  for (const step of steps) await step.run(() => undefined);
  return happened;
}
const text = "The page says 3.";
const given = { id: DISPUTE, text, transaction: APPEAL, signature: "0x5161" };

test("without a reason nothing is signed", async () => {
  expect(await run("  ")).toEqual(calls.map(({ purpose }) => purpose));
});

test("a reason is signed for the transaction that appealed, and handed over once the server has seen it", async () => {
  const said = { dispute: DISPUTE, transaction: APPEAL, reason: reasonHash(text) };
  expect(await run(` ${text}\n`, { unseen: 2 })).toEqual([
    ...calls.map(({ purpose }) => purpose),
    appealReasonTypedData(domain, said),
    [3, given],
  ]);
});

test("what the server refuses is told", async () => {
  const refused = new ApiError({ code: "dispute.reason_given", message: "given", status: 409 });
  await expect(run(text, { refusal: refused })).rejects.toThrow("given");
  // A server that never sees it says so itself.
  const last = new ApiError({ code: "dispute.unknown_appeal", message: "not yet", status: 404 });
  await expect(run(text, { unseen: 99, refusal: last })).rejects.toThrow("not yet");
});
