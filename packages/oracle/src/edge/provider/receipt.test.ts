import type { Hex } from "@sooth/kernel";
import { privateKeyToAccount } from "viem/accounts";
import { expect, test } from "vitest";
import { addresses, asked, boolSchema, CHAIN_ID, handoverOf, OPENS, seatOf } from "../../../test/people.ts";
import { type GatewayReceipt, receiptId, receiptTypedData, type SignedReceipt } from "../../core/index.ts";
import { nameOf, receiptComplaint } from "./receipt.ts";

const gateway = privateKeyToAccount(`0x${"9a".repeat(32)}`);
const domain = { chainId: CHAIN_ID, oracle: addresses.oracle };
const question = asked(boolSchema());

async function receiptOf(over: Partial<GatewayReceipt> = {}) {
  const handover = await handoverOf(seatOf(0), question, 1n);
  const receipt: GatewayReceipt = {
    ...domain,
    kind: "report",
    question: question.id,
    subject: seatOf(0).address,
    seat: 0,
    epoch: 1,
    round: 0,
    accepted: nameOf(domain, handover),
    receivedAt: OPENS,
    finalFrom: OPENS + 60,
    finalBy: OPENS + 1060,
    ...over,
  };
  const signature = await gateway.signTypedData(receiptTypedData(receipt));
  const signed: SignedReceipt = { id: receiptId(receipt), receipt, signer: gateway.address, signature };
  return { handover, signed };
}

test("a receipt for what was handed over proves it", async () => {
  const { handover, signed } = await receiptOf();
  expect(receiptComplaint(domain, handover, signed)).toBeNull();
});

test("one that was changed after signing, or signed by somebody else, does not", async () => {
  const { handover, signed } = await receiptOf();
  const later = { ...signed, receipt: { ...signed.receipt, receivedAt: OPENS + 1 } };
  expect(receiptComplaint(domain, handover, later)).toBe(`${gateway.address} did not sign it`);
  const other = { ...signed, signer: seatOf(1).address };
  expect(receiptComplaint(domain, handover, other)).toBe(`${seatOf(1).address} did not sign it`);
  const torn = { ...signed, signature: `0x${"00".repeat(65)}` };
  expect(receiptComplaint(domain, handover, torn)).toBe(`${gateway.address} did not sign it`);
});

test.each<[string, Partial<GatewayReceipt>, string]>([
  ["another report", { accepted: `0x${"12".repeat(32)}` as Hex }, "it speaks of another report"],
  ["an asker", { kind: "question" }, "it speaks of another report"],
  ["another chain", { chainId: 1 }, "it speaks of another oracle"],
  ["another oracle", { oracle: addresses.markets }, "it speaks of another oracle"],
  ["another epoch", { epoch: 2 }, "it speaks of another question, round or epoch"],
  ["another round", { round: 1 }, "it speaks of another question, round or epoch"],
])("nor one for %s", async (_, over, complaint) => {
  const { handover, signed } = await receiptOf(over);
  expect(receiptComplaint(domain, handover, signed)).toBe(complaint);
});
