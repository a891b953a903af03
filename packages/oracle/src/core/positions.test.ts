import type { Hex } from "@sooth/kernel";
import { expect, test } from "vitest";
import {
  type HeldPosition,
  jurorsWithPositions,
  mayBeAsked,
  positionFault,
  positionsOfSigners,
} from "./positions.ts";

const [ALICE, BOB, CAROL]: Hex[] = ["0xa1", "0xb0", "0xca"];
const [KEY_A, FORMER_A, KEY_B]: Hex[] = ["0xa2", "0xa3", "0xb2"];
const OWNERS = new Map<Hex, Hex>([
  [ALICE as Hex, ALICE as Hex],
  [KEY_A as Hex, ALICE as Hex],
  [FORMER_A as Hex, ALICE as Hex],
  [BOB as Hex, BOB as Hex],
  [KEY_B as Hex, BOB as Hex],
]);
const ownerOf = (account: Hex) => OWNERS.get(account);
const [Q, OTHER]: Hex[] = [`0x${"71".repeat(32)}`, `0x${"72".repeat(32)}`];
const held = (holder: Hex | undefined, question = Q): HeldPosition => ({
  question: question as Hex,
  consumer: "0xcc",
  holder: holder as Hex,
  where: "0x",
});
const said = (signer: Hex | undefined, question = Q) => ({
  question: question as Hex,
  signer: signer as Hex,
  value: 1n,
});

test("a provider's own position and those of his keys are shown by what he signed, once", () => {
  for (const holder of [ALICE, KEY_A, FORMER_A])
    expect(positionsOfSigners([held(holder)], [said(KEY_A)], ownerOf)).toEqual([
      { owner: ALICE, position: held(holder), report: said(KEY_A) },
    ]);
  expect(positionsOfSigners([held(ALICE), held(KEY_A)], [said(KEY_A), said(FORMER_A)], ownerOf)).toHaveLength(
    1,
  );
});

test("who signed nothing on it, or holds nothing in it, is left alone", () => {
  expect(positionsOfSigners([held(ALICE)], [said(KEY_B)], ownerOf)).toEqual([]);
  expect(positionsOfSigners([held(ALICE, OTHER)], [said(KEY_A)], ownerOf)).toEqual([]);
  expect(positionsOfSigners([held(CAROL)], [said(KEY_A)], ownerOf)).toEqual([]);
});

test("jurors are told apart by whether they voted", () => {
  const jury = {
    question: Q as Hex,
    seats: [1, 0, 1],
    votes: [2, 0, 2],
    jurors: [KEY_A as Hex, KEY_B as Hex],
  };
  expect(jurorsWithPositions([held(ALICE), held(BOB)], jury, ownerOf)).toEqual([
    { owner: BOB, position: held(BOB), seat: 0, did: "voted" },
    { owner: ALICE, position: held(ALICE), seat: 1, did: "stayed away" },
  ]);
  expect(jurorsWithPositions([held(ALICE, OTHER)], jury, ownerOf)).toEqual([]);
});

test("a key that is not the drawn one excuses nobody, and counts against who voted", () => {
  const jury = (vote: number) => ({ question: Q as Hex, seats: [0], votes: [vote], jurors: [KEY_A as Hex] });
  const did = (holder: Hex | undefined, vote: number) =>
    jurorsWithPositions([held(holder)], jury(vote), ownerOf).map((juror) => juror.did);
  expect([did(FORMER_A, 0), did(KEY_A, 0), did(ALICE, 0)]).toEqual([[], ["stayed away"], ["stayed away"]]);
  expect(did(FORMER_A, 1)).toEqual(["voted"]);
});

test("who serves the domain may be asked, until he is gone", () => {
  const provider = { state: "active", banned: false, kinds: 0b101 } as const;
  expect([0, 1, 2].map((domain) => mayBeAsked(provider, domain))).toEqual([true, false, true]);
  expect(mayBeAsked({ ...provider, state: "unbonding" }, 0)).toBe(true);
  expect(mayBeAsked({ ...provider, state: "withdrawn" }, 0)).toBe(false);
  expect(mayBeAsked({ ...provider, banned: true }, 0)).toBe(false);
});

test("the fault is named as the slasher names it", () => {
  // cast keccak $(cast abi-encode "f(string,bytes32)" position 0x7171...)
  expect(positionFault(Q as Hex)).toHaveLength(66);
  expect(positionFault(Q as Hex)).not.toBe(positionFault(OTHER as Hex));
});
