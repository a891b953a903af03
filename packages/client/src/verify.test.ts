import type { Hex } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { expect, test } from "vitest";
import type { Answer, SignedAnswer } from "./generated/types.ts";
import { readAnswer, waitForAnswer } from "./read-answer.ts";
import { SeenAnswers } from "./seen-answers.ts";
import { answerTypedData, receiptId, receiptTypedData } from "./statements.ts";
import { StatementError, type Trust, verifyAnswer, type VerifyOptions, verifyReceipt } from "./verify.ts";

const gateway = privateKeyToAccount(`0x${"9a".repeat(32)}`);
const stranger = privateKeyToAccount(`0x${"77".repeat(32)}`);
const question = `0x${"01".repeat(32)}`;
const oracle = `0x${"0a".repeat(20)}`;
const trust: Trust = { chainId: 31_337, oracle, signers: [gateway.address] };
const NOW = 1_800_000_000;
const now = () => NOW;

const answer = (over: Partial<Answer> = {}): Answer => ({
  chainId: 31_337,
  oracle,
  question,
  status: "final",
  value: "1",
  confidence: 10_000,
  round: 0,
  finalizeAt: NOW - 60,
  block: { number: 100, hash: `0x${"bb".repeat(32)}`, time: NOW - 2 },
  signedAt: NOW - 1,
  ...over,
});
const at = (number: number, over: Partial<Answer> = {}) =>
  answer({ block: { number, hash: `0x${"bb".repeat(32)}`, time: NOW - 2 }, ...over });
async function signed(told: Answer, by = gateway): Promise<SignedAnswer> {
  return { answer: told, signer: by.address, signature: await by.signTypedData(answerTypedData(told)) };
}
const doubt = (statement: SignedAnswer, options: VerifyOptions = {}, whom = trust) =>
  verifyAnswer(statement, question, whom, { now, ...options }).then(
    () => "believed",
    (error: unknown) => (error instanceof StatementError ? error.doubt : error),
  );

test("what the gateway signed is believed, also by a key that it used before", async () => {
  expect(await doubt(await signed(answer()))).toBe("believed");
  const rotated = { ...trust, signers: [stranger.address, gateway.address.toLowerCase()] };
  expect(await doubt(await signed(answer()), {}, rotated)).toBe("believed");
});

test("a forged statement is found out, whatever was changed and whoever signed", async () => {
  const good = await signed(answer());
  const changes: Partial<Answer>[] = [{ value: "0" }, { value: null }, { status: "invalid" }, { round: 3 }];
  for (const change of changes)
    expect(await doubt({ ...good, answer: { ...good.answer, ...change } })).toBe("forged");
  expect(await doubt(await signed(answer(), stranger))).toBe("forged");
  expect(await doubt({ ...(await signed(answer(), stranger)), signer: gateway.address })).toBe("forged");
  expect(await doubt({ ...good, signature: `0x${"00".repeat(65)}` })).toBe("forged");
  expect(await doubt({ ...good, signature: "0x" })).toBe("forged");
  expect(await doubt(good, {}, { ...trust, signers: [] })).toBe("forged");
});

test("a statement about something else is not taken for one about this", async () => {
  expect(await doubt(await signed(answer({ question: `0x${"02".repeat(32)}` })))).toBe("other_question");
  expect(await doubt(await signed(answer({ chainId: 1 })))).toBe("other_oracle");
  expect(await doubt(await signed(answer({ oracle: `0x${"0b".repeat(20)}` })))).toBe("other_oracle");
});

test("a statement of an old block is too old, however lately it was signed", async () => {
  const block = { number: 100, hash: `0x${"bb".repeat(32)}`, time: NOW - 121 };
  expect(await doubt(await signed(answer({ block })))).toBe("too_old");
  expect(await doubt(await signed(answer({ block })), { maxAgeSeconds: 121 })).toBe("believed");
  expect(await doubt(await signed(answer({ block: { ...block, time: NOW + 121 } })))).toBe("too_old");
});

test("an old statement played again is known by its round and its block", async () => {
  const seen = new SeenAnswers();
  const early = await signed(at(90, { status: "answered", finalizeAt: NOW + 9 }));
  expect(await doubt(early, { seen })).toBe("believed");
  const reopened = await signed(at(100, { status: "open", value: null, finalizeAt: null, round: 1 }));
  expect(await doubt(reopened, { seen })).toBe("believed");
  expect(await doubt(early, { seen })).toBe("replayed");
  // Even where its block is made to look later: a round never goes back.
  expect(await doubt(await signed(at(101, { round: 0 })), { seen })).toBe("replayed");
  expect(await doubt(await signed(at(99, { round: 1 })), { seen })).toBe("replayed");
  // Another server, a block behind, that says the same.
  expect(await doubt(await signed({ ...reopened.answer, block: at(99).block }), { seen })).toBe("believed");
  expect(await doubt(await signed(at(101, { round: 1 })), { seen })).toBe("believed");
});

const chain = (status: number, value: bigint, hash = `0x${"bb".repeat(32)}`) =>
  ({
    getBlock: async () => ({ hash }),
    readContract: async () => [status, value, 0, 0],
  }) as unknown as NonNullable<VerifyOptions["chain"]>;

test("the contract has the last word", async () => {
  const final = await signed(answer());
  expect(await doubt(final, { chain: chain(4, 1n) })).toBe("believed");
  expect(await doubt(final, { chain: chain(4, 0n) })).toBe("not_on_chain");
  expect(await doubt(final, { chain: chain(2, 1n) })).toBe("not_on_chain");
  expect(await doubt(final, { chain: chain(0, 0n) })).toBe("not_on_chain");
  expect(await doubt(final, { chain: chain(4, 1n, `0x${"cc".repeat(32)}`) })).toBe("other_branch");
  const answered = await signed(answer({ status: "answered", finalizeAt: NOW }));
  expect(await doubt(answered, { chain: chain(4, 1n) })).toBe("believed");
  expect(await doubt(answered, { chain: chain(1, 0n) })).toBe("not_on_chain");
});

test("reading verifies, and waiting ends with what is final, not with what is answered", async () => {
  const steps = [
    at(1, { status: "open", value: null }),
    at(2, { status: "answered" }),
    at(3, { status: "open", value: null, round: 1 }),
    at(4, { status: "answered", value: "0", round: 1 }),
    at(5, { value: "0", round: 1 }),
  ];
  let asked = 0;
  const client = {
    getAnswer: async () => {
      const step = steps[asked] ?? answer();
      asked += 1;
      return signed(step);
    },
  };
  expect(await waitForAnswer(client, question, trust, { now, pollMs: 1 })).toMatchObject({
    status: "final",
    value: "0",
    round: 1,
  });
  expect(asked).toBe(5);
  const liar = { getAnswer: () => signed(answer(), stranger) };
  await expect(readAnswer(liar, question, trust, { now })).rejects.toMatchObject({ doubt: "forged" });
});

test("a receipt is the gateway's or nobody's", async () => {
  const receipt = {
    chainId: 31_337,
    oracle,
    kind: "question" as const,
    question,
    subject: stranger.address,
    seat: null,
    epoch: null,
    round: 0,
    accepted: `0x${"ac".repeat(32)}`,
    receivedAt: NOW,
    finalFrom: NOW + 60,
    finalBy: NOW + 600,
  };
  const signature: Hex = await gateway.signTypedData(receiptTypedData(receipt));
  const good = { id: receiptId(receipt), receipt, signer: gateway.address, signature };
  expect(await verifyReceipt(good, trust)).toEqual(receipt);
  const later = { ...good, receipt: { ...receipt, finalFrom: NOW } };
  await expect(verifyReceipt(later, trust)).rejects.toMatchObject({ doubt: "forged" });
  await expect(verifyReceipt({ ...good, id: question }, trust)).rejects.toMatchObject({ doubt: "forged" });
});
