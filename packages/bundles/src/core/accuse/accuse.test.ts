import { settlerAbi } from "@sooth/abi";
import { type Address, type Hex, need } from "@sooth/kernel";
import { leadsTo } from "@sooth/oracle/core";
import { encodeFunctionData } from "viem";
import { expect, test } from "vitest";
import { privateKeyToAccount } from "viem/accounts";
import { parseSignature, recoverAddress, serializeCompactSignature, signatureToCompactSignature } from "viem";
import {
  type AttestedBatch,
  type AttestersAt,
  batchDigest,
  encodeEvidence,
  type Fact,
  factLeaf,
  factTree,
} from "../index.ts";
import { accusationIn, accusedBy, conflictCall, falsehoodCall } from "./proofs.ts";
import { broughtBy } from "./signed-in.ts";
import { claimOf, type SignedPart, standsUnder } from "./signed-part.ts";

const word = (n: number): Hex => `0x${n.toString(16).padStart(64, "0")}`;
const person = (n: number): Address => `0x${n.toString(16).padStart(40, "0")}`;
const AT: AttestersAt = { chainId: 1, attesters: person(1) };
const CONTRACTS = { bundleHub: person(2), settler: person(3), escrow: person(4), attesters: person(1) };
const decision = (n: number, outcome: "committed" | "aborted" = "aborted"): Fact => ({
  kind: "decision",
  id: word(n),
  base: 5n,
  outcome,
});
const facts = Array.from({ length: 11 }, (_, n) => decision(n));
const liar = privateKeyToAccount(word(7));

const whole = (of: readonly Fact[]): SignedPart => ({
  root: factTree(of).root,
  epoch: 1,
  validUntil: 1_000,
  facts: of,
  path: [],
  flags: [],
});
/** The facts at these places alone, as a transaction brings them. */
function partAt(places: readonly number[]): SignedPart {
  const { proof, flags, order } = factTree(facts).multiproofOf(places);
  return { ...whole(facts), facts: order.map((place) => need(facts[place], "a fact")), path: proof, flags };
}
const leads = (part: SignedPart): boolean =>
  part.facts.every((fact, place) => leadsTo(part.root, factLeaf(fact), claimOf(part, place).path));

test("every fact of a batch, and of each part of one, has a path of its own to the root", () => {
  for (let size = 1; size <= facts.length; size++) expect(leads(whole(facts.slice(0, size)))).toBe(true);
  for (let bits = 1; bits < 2 ** facts.length; bits += 13) {
    const places = [...facts.keys()].filter((place) => (bits >> place) & 1);
    const part = partAt(places);
    expect([standsUnder(part), leads(part)]).toEqual([true, true]);
  }
});

test("what does not stand under the root is nobody's word", () => {
  const part = partAt([1, 4]);
  expect(standsUnder({ ...part, facts: [decision(99), ...part.facts.slice(1)] })).toBe(false);
  expect(standsUnder({ ...part, path: part.path.slice(1) })).toBe(false);
  expect(standsUnder({ ...whole(facts), facts: facts.slice(1) })).toBe(false);
  expect(standsUnder({ ...whole(facts), facts: [] })).toBe(false);
});

const compact = (signature: Hex): Hex =>
  serializeCompactSignature(signatureToCompactSignature(parseSignature(signature)));
const signed = async (part: SignedPart): Promise<Hex> =>
  compact(await liar.sign({ hash: batchDigest(AT, part) }));

test("facts that a transaction brought are read with their signers, and nothing of one whose evidence does not hold", async () => {
  const part = whole(facts);
  const batch: AttestedBatch = { ...part, seats: 1n, signatures: await signed(part) };
  const brought = [2, 6];
  const input = (told: readonly Fact[]) =>
    encodeFunctionData({
      abi: settlerAbi,
      functionName: "run",
      args: [
        [],
        [],
        told.map((fact) => ({
          id: (fact as Extract<Fact, { kind: "decision" }>).id,
          base: 5n,
          outcome: 3,
        })),
        encodeEvidence(batch, brought),
        person(9),
      ],
    });
  const order = partAt(brought).facts;
  const digests = new Map([[batchDigest(AT, part), liar.address.toLowerCase() as Hex]]);
  const read = (to: Address, told: readonly Fact[]) =>
    broughtBy(
      { chainId: 2, transaction: word(1), from: person(9), to, input: input(told) },
      {
        at: AT,
        contracts: CONTRACTS,
        baseOf: () => undefined,
        signerOf: (digest) => digests.get(digest) ?? null,
      },
    );
  const found = need(read(CONTRACTS.settler, order), "what was brought");
  expect(found.part.facts).toEqual(order);
  expect(found.signers).toEqual([{ signer: liar.address.toLowerCase(), signature: batch.signatures }]);
  expect(leads(found.part)).toBe(true);
  expect(read(CONTRACTS.settler, [decision(98), decision(99)])).toBeNull();
  expect(read(person(77), order)).toBeNull();
});

test("a call with a number that names nothing, or with more signatures than seats, is nobody's word", async () => {
  const part = whole(facts);
  const batch: AttestedBatch = { ...part, seats: 1n, signatures: await signed(part) };
  const run = (outcome: number, signatures: Hex) =>
    encodeFunctionData({
      abi: settlerAbi,
      functionName: "run",
      args: [
        [],
        [],
        facts.map((_, n) => ({ id: word(n), base: 5n, outcome })),
        encodeEvidence({ ...batch, signatures }, [...facts.keys()]),
        person(9),
      ],
    });
  const reading = { at: AT, contracts: CONTRACTS, baseOf: () => undefined, signerOf: () => liar.address };
  const read = (input: Hex) =>
    broughtBy({ chainId: 1, transaction: word(1), from: person(8), to: CONTRACTS.settler, input }, reading);
  expect(read(run(3, batch.signatures))?.signers).toHaveLength(1);
  expect(read(run(9, batch.signatures))).toBeNull();
  const many: Hex = `0x${batch.signatures.slice(2).repeat(33)}`;
  expect(read(run(3, many))).toBeNull();
});

test("a proof says whom it accuses, and of nobody where two keys signed", async () => {
  const [one, other] = [whole([decision(1)]), whole([decision(1, "committed"), decision(2)])];
  const [first, second] = [await signed(one), await signed(other)];
  const known = new Map<Hex, Hex>();
  const note = async (part: SignedPart, compacted: Hex, by = liar) => {
    const digest = batchDigest(AT, part);
    const whole65 = await by.sign({ hash: digest });
    known.set(digest, (await recoverAddress({ hash: digest, signature: whole65 })) as Hex);
    return compacted;
  };
  await Promise.all([note(one, first), note(other, second)]);
  const conflict = conflictCall(claimOf(one, 0), claimOf(other, 0), [first, second]);
  expect(accusationIn(conflict)?.claims.map(({ claim }) => claim.content)).toEqual([
    claimOf(one, 0).content,
    claimOf(other, 0).content,
  ]);
  const signerOf = (digest: Hex) => known.get(digest) ?? null;
  expect(accusedBy(conflict, AT, signerOf)).toBe(liar.address);
  expect(accusedBy(falsehoodCall(claimOf(one, 0), "0x", first), AT, signerOf)).toBe(liar.address);
  await note(other, second, privateKeyToAccount(word(8)));
  expect(accusedBy(conflict, AT, signerOf)).toBeNull();
  expect(accusedBy("0x1234", AT, signerOf)).toBeNull();
});
