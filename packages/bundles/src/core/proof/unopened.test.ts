import { bundleHubAbi } from "@sooth/abi";
import { decodeEventLog, encodeFunctionData, type Hex } from "viem";
import { describe, expect, test } from "vitest";
import {
  added,
  again,
  bent,
  changed,
  found,
  later,
  logOf,
  moved,
  other,
  prove,
  recalled,
  recorded,
  sentBy,
  takenBack,
  turned,
  without,
  word,
} from "../../../test/recorded.ts";
import type { BundleFile } from "./bundle-file.ts";

const unopened = recorded("unopened");
const { bundle: id } = unopened.header;
const DAY = 86_400;

test("what nobody opened is aborted and given back, and has no fee", () => {
  const proven = prove(unopened);
  expect(proven.findings).toEqual([]);
  expect(proven).toMatchObject({
    outcome: "aborted",
    mode: "escrowed",
    legs: ["none", "given_back"],
    fees: { fee: 0n, toRelayers: 0n, toAttesters: 0n, toOwner: 0n, left: 0n },
  });
  const told = proven.lines.map(({ what }) => what);
  expect(told).toContainEqual(expect.stringMatching(/^nobody opened it: \d+ is after its deadline \d+/));
  expect(told).toContain("aborted because nobody had opened it");
});

test("through another contract the same can be told, but by which call", () => {
  const relayed = sentBy(unopened, "hub.Unopened", { to: other });
  expect(found(relayed)).toEqual([]);
});

/** The header that was written down, for a call that names it. */
function header(file: BundleFile) {
  const { topics, data } = logOf(file, "hub.Unopened");
  const { args } = decodeEventLog({
    abi: bundleHubAbi,
    eventName: "Unopened",
    topics: topics as [Hex, ...Hex[]],
    data,
  });
  return args.bundle;
}
const expired = encodeFunctionData({ abi: bundleHubAbi, functionName: "expire", args: [[id]] });
const bundle = (change: object) =>
  bent(unopened, "hub.Unopened", (args) => ({ ...args, bundle: { ...(args.bundle as object), ...change } }));

describe("that nobody opened it", () => {
  changed([
    [
      "while somebody still might",
      moved(unopened, "hub.Unopened", later(-DAY)),
      /^written down as unopened at \d+, allowed after \d+$/,
    ],
    ["with another fee", bundle({ fee: 7n }), /^id, the digest of the header: it is 0x/],
    ["of another owner", bundle({ owner: other }), /^id, the digest of the header: it is 0x/],
    ["of an ordered one", bundle({ mode: 0 }), /^it is ordered, and was written down as one that nobody/],
    [
      "under another owner's name",
      bent(unopened, "hub.Unopened", (args) => ({ ...args, owner: other })),
      /^the header is 0x.*'s, the log says/,
    ],
    ["twice", again(unopened, "hub.Unopened"), /^it was written down before that nobody opens it$/],
    [
      "and opened after all",
      added(unopened, "Opened", { id, owner: other, base: 1n, bundle: header(unopened), legs: "0x" }, 1),
      /^it was written down before that nobody opens it$/,
    ],
    [
      "with ordinals of another",
      again(unopened, "hub.Unopened", (args) => ({ ...args, id: word, base: (args.base as bigint) + 1n })),
      /has ordinals of this one$/,
    ],
    ["and not aborted", without(unopened, "hub.Decided"), /^nobody opened it, and no log aborts it$/],
    [
      "and committed",
      bent(unopened, "hub.Decided", (args) => ({ ...args, outcome: 2 })),
      /^nobody opened it, and it was committed$/,
    ],
    [
      "and aborted by itself, later",
      moved(unopened, "hub.Decided", () => ({ transaction: word })),
      /^nobody opened it, and another transaction decided it$/,
    ],
    [
      "with another base",
      bent(unopened, "hub.Decided", (args) => ({ ...args, base: 7n })),
      /^base ordinal of what was decided/,
    ],
    [
      "by a call of another bundle",
      recalled(unopened, "hub.Unopened", ([given, legs]) => [{ ...(given as object), salt: 99n }, legs]),
      /^the call that decided it does not name it$/,
    ],
    [
      "of what a log opens",
      turned(unopened, "hub.Unopened", "Opened", {
        id,
        owner: header(unopened).owner,
        base: 1n,
        bundle: header(unopened),
        legs: "0x",
      }),
      /^decided as one that nobody opened, and a log opens it$/,
    ],
    [
      "by a call that expires what is open",
      sentBy(unopened, "hub.Unopened", { input: expired }),
      /^expire does not abort what nobody opened$/,
    ],
  ]);
});

describe("what was held for it", () => {
  const share = { id, index: 1, relayer: other, amount: 1n, epoch: 1, toAttesters: 0n };
  changed([
    [
      "was paid",
      bent(unopened, "escrow.Finished", (args) => ({ ...args, outcome: 2 })),
      /^leg 1 was finished as committed, the hub says aborted$/,
    ],
    ["went to another", without(unopened, ["token.Transfer", 1]), /^leg 1 was given back, and no log moves/],
    ["came in after the deadline", moved(unopened, "escrow.Prepared", later(DAY)), /after the deadline/],
    [
      "was taken back before the escape",
      takenBack(unopened, 1),
      /^leg 1 was taken back at \d+, allowed after/,
    ],
    [
      "and a share was paid",
      added(unopened, "ShareSettled", share, 1),
      /^nobody opened it, and money of a fee/,
    ],
    [
      "and a rest",
      added(unopened, "Reclaimed", { id, amount: 1n }, DAY),
      /^nobody opened it, and money of a fee/,
    ],
    [
      "and its fee was raised",
      added(unopened, "ToppedUp", { id, from: other, amount: 1n }, 1),
      /^nobody opened it, and its fee/,
    ],
  ]);
});
