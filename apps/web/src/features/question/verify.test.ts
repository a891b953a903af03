import { reportTypedData, rootTypedData } from "@sooth/oracle/core";
import { privateKeyToAccount } from "viem/accounts";
import { expect, test } from "vitest";
import { checkEvidence, checkSignature } from "./verify.ts";

const provider = privateKeyToAccount(`0x${"11".repeat(32)}`);
const oracle = `0x${"0a".repeat(20)}` as const;
const question = { id: `0x${"22".repeat(32)}`, chainId: 31_337 } as const;
const report = { value: "-124", root: null, epoch: 3, round: 1, signer: provider.address.toLowerCase() };

const signature = () =>
  provider.signTypedData(
    reportTypedData({ chainId: 31_337, oracle }, { question: question.id, value: -124n, epoch: 3, round: 1 }),
  );

test("a report by its signer holds", async () => {
  expect(await checkSignature(question, { ...report, signature: await signature() }, oracle)).toEqual({
    ok: true,
  });
});

test.each([
  ["another value", { value: "-125" }],
  ["another epoch", { epoch: 4 }],
  ["another round", { round: 0 }],
  ["another signer", { signer: `0x${"33".repeat(20)}` }],
])("%s does not", async (_, change) => {
  const check = await checkSignature(
    question,
    { ...report, signature: await signature(), ...change },
    oracle,
  );
  expect(check.ok).toBe(false);
});

test("a root by its signer holds, and no value in its place", async () => {
  const root = `0x${"44".repeat(32)}` as const;
  const signed = await provider.signTypedData(
    rootTypedData({ chainId: 31_337, oracle }, { question: question.id, root, epoch: 3, round: 1 }),
  );
  const vector = { ...report, value: "0", root, signature: signed };
  expect(await checkSignature(question, vector, oracle)).toEqual({ ok: true });
  expect((await checkSignature(question, { ...vector, root: null }, oracle)).ok).toBe(false);
});

test("bytes that are no signature were signed by nobody", async () => {
  const check = await checkSignature(question, { ...report, signature: `0x${"00".repeat(65)}` }, oracle);
  expect(check).toEqual({ ok: false, signedBy: null });
});

test("evidence is what its hash says, to the byte", async () => {
  const hash = "0xba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"; // FIPS 180-4, "abc"
  expect(await checkEvidence("abc", hash)).toBe(true);
  expect(await checkEvidence("abc ", hash)).toBe(false);
});
