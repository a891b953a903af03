import { describe, expect, test } from "vitest";
import {
  added,
  again,
  bent,
  changed,
  creditedInstead,
  found,
  HOUR,
  later,
  logOf,
  moved,
  other,
  prove,
  recorded,
  takenBack,
  without,
  word,
} from "../../../test/recorded.ts";
import type { BundleFile } from "./bundle-file.ts";

const committed = recorded("committed");
const aborted = recorded("aborted");
const swapped = recorded("swapped");
const returned = recorded("returned");

describe("tokens in escrow", () => {
  changed([
    [
      "of another leg",
      bent(swapped, "escrow.Prepared", (args) => ({ ...args, leg: word })),
      /^leg 0, its hash: it is/,
    ],
    ["held twice", again(swapped, "escrow.Prepared"), /^leg 0 was held twice/],
    [
      "held too late",
      moved(swapped, "escrow.Prepared", later(2 * HOUR)),
      /^leg 0 was held at \d+, after the deadline/,
    ],
    [
      "that never came",
      without(swapped, "token.Transfer"),
      /^leg 0: no log moves 25000000 of 0x.* to the escrow$/,
    ],
    [
      "less than was held",
      bent(swapped, ["token.Transfer", 1], (args) => ({ ...args, amount: 1n })),
      /^leg 0 was paid, and no log moves 25000000/,
    ],
    [
      "to somebody else",
      bent(swapped, ["token.Transfer", 1], (args) => ({ ...args, to: other })),
      /^leg 0 was paid, and no log moves 25000000/,
    ],
    ["paid twice", again(swapped, "escrow.Finished"), /^leg 0 was let go a second time$/],
    [
      "paid here and given back there",
      bent(swapped, "escrow.Finished", (args) => ({ ...args, outcome: 3 })),
      /^legs 1 were paid, legs 0 given back$/,
    ],
    [
      "against the outcome",
      bent(returned, "escrow.Finished", (args) => ({ ...args, outcome: 2 })),
      /^leg 0 was finished as committed, the hub says aborted$/,
    ],
    ["without a receipt", without(swapped, "escrow.Receipt"), /^leg 0 was finished, and has no receipt/],
    [
      "with another receipt",
      bent(swapped, "escrow.Receipt", (args) => ({ ...args, status: 3 })),
      /^leg 0, its receipt: it is ok, the log says cancelled$/,
    ],
    ["let go without being held", without(returned, "escrow.Prepared"), /where it was never held$/],
    ["a receipt without a payment", without(swapped, "escrow.Finished"), /its escrow let nothing go$/],
    ["taken back of a committed one", takenBack(swapped), /^leg 0 was taken back, and the hub committed$/],
    ["taken back before the escape", takenBack(returned), /^leg 0 was taken back at \d+, allowed after \d+$/],
  ]);

  test("taken back when the escape is over", () => {
    const late = moved(takenBack(returned), "escrow.TakenBack", later(2 * HOUR));
    const proven = prove(late);
    expect(proven.findings).toEqual([]);
    expect(proven.legs).toEqual(["taken_back", "none"]);
  });

  test("credited where the token refused the recipient", () => {
    const file = creditedInstead(swapped);
    expect(found(file)).toEqual([]);
    expect(found(bent(file, "escrow.Credited", (args) => ({ ...args, amount: 1n })))).toHaveLength(1);
  });
});

const logOwner = (file: BundleFile) => `0x${(logOf(file, "hub.Opened").topics[2] ?? "").slice(26)}`;
const toppedUp = (file: BundleFile) =>
  added(file, "ToppedUp", { id: file.header.bundle, from: other, amount: 5n }, 1);
const reclaimed = (file: BundleFile, amount: bigint, seconds = 2 * HOUR) =>
  added(file, "Reclaimed", { id: file.header.bundle, amount }, seconds);

describe("fees", () => {
  const share = (change: (args: Record<string, unknown>) => object) =>
    bent(committed, "hub.ShareSettled", change);
  changed([
    ["of a leg twice", again(committed, "hub.ShareSettled"), /^the share of leg 0 was paid twice$/],
    [
      "more than is due",
      share((args) => ({ ...args, amount: 333_333_333_333_334n })),
      /^share of leg 0, due of/,
    ],
    ["to somebody else", share((args) => ({ ...args, relayer: other })), /^the share of leg 0 went to/],
    [
      "to another epoch",
      share((args) => ({ ...args, epoch: 2 })),
      /^share of leg 0, epoch that earns: it is 1/,
    ],
    [
      "more to attesters",
      share((args) => ({ ...args, toAttesters: 7n })),
      /^share of leg 0, for its attesters/,
    ],
    [
      "to its owner for his own leg, as if he were another",
      bent(aborted, "hub.ShareSettled", (args) => ({ ...args, relayer: logOwner(aborted) })),
      /^the share of leg 0 went to 0x.*, by its receipt it is its owner's$/,
    ],
    ["of no leg", share((args) => ({ ...args, index: 9 })), /^there is no leg 9/],
    [
      "of a leg that did not run",
      without(aborted, "settler.Receipt"),
      /^the share of leg 0 was paid, and it has no/,
    ],
    [
      "before the outcome",
      moved(committed, "hub.ShareSettled", () => ({ block: 1 })),
      /before the hub decided$/,
    ],
    ["raised after the outcome", toppedUp(committed), /^its fee was raised after the hub decided$/],
    [
      "the rest too early",
      reclaimed(committed, 333_333_333_333_334n, 1),
      /^the rest was taken back at \d+, allowed/,
    ],
    [
      "more than the rest",
      reclaimed(committed, 333_333_333_333_335n),
      /^rest that its owner took back: it is/,
    ],
    ["a rest that there is not", reclaimed(aborted, 0n), /^taken back by its owner, and nothing was left$/],
  ]);

  test("the rest, when it is long over", () => {
    const proven = prove(reclaimed(committed, 333_333_333_333_334n));
    expect(proven.findings).toEqual([]);
    expect(proven.fees).toMatchObject({ toOwner: 333_333_333_333_334n, left: 0n });
  });
});
