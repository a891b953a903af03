import { describe, expect, test } from "vitest";
import {
  again,
  asAbort,
  bent,
  changed,
  found,
  HOUR,
  later,
  logOf,
  moved,
  other,
  prove,
  recalled,
  recorded,
  sentBy,
  without,
  word,
} from "../../../test/recorded.ts";
import { parseBundleFile, type BundleFile, bundleFileText } from "./bundle-file.ts";

const committed = recorded("committed");
const aborted = recorded("aborted");
const swapped = recorded("swapped");
const returned = recorded("returned");

const firstLeg = (args: unknown[]) => (args[0] as { data: string }[])[0];
const otherWord = (bytes: string, index: number): string =>
  `${bytes.slice(0, 2 + 64 * index)}${word.slice(2)}${bytes.slice(66 + 64 * index)}`;

test.each<[string, BundleFile, object]>([
  ["an ordered one", committed, { outcome: "committed", legs: ["ok", "ok", "none"], due: [] }],
  ["an ordered one that was undone", aborted, { outcome: "aborted", legs: ["ok", "failed", "ok"], due: [] }],
  ["a swap", swapped, { outcome: "committed", legs: ["paid", "paid"] }],
  ["half a swap", returned, { outcome: "aborted", legs: ["given_back", "none"] }],
])("nothing differs: %s", (_, file, ended) => {
  const proven = prove(file);
  expect(proven.findings).toEqual([]);
  expect(proven).toMatchObject(ended);
  const { fee, toRelayers, toAttesters, toOwner, left } = proven.fees;
  expect(toRelayers + toAttesters + toOwner + left).toBe(fee);
});

test("a file is read as it was written, and one of another kind is not", () => {
  expect(parseBundleFile(bundleFileText(swapped))).toEqual(swapped);
  const text = bundleFileText(swapped);
  expect(() => parseBundleFile(text.replace("sooth-bundle-logs-1", "sooth-logs-1"))).toThrow("line 1");
  expect(() => parseBundleFile(`${text}{"chainId":1}\n`)).toThrow(`line ${text.split("\n").length}`);
});

describe("the opening", () => {
  const bundle = (change: object) =>
    bent(committed, "hub.Opened", (args) => ({ ...args, bundle: { ...(args.bundle as object), ...change } }));
  changed([
    ["another fee", bundle({ fee: 1n }), /^id, the digest of the header: it is 0x/],
    ["a header of other legs", bundle({ legsHash: word }), /^id, the digest of the header: it is 0x/],
    [
      "other legs",
      bent(swapped, "hub.Opened", (args) => ({
        ...args,
        bundle: { ...(args.bundle as object), legsHash: word },
      })),
      /^hash of the legs' hashes: it is 0x/,
    ],
    [
      "a deadline that was over",
      moved(committed, "hub.Opened", later(2 * HOUR)),
      /^opened at \d+ with the deadline/,
    ],
    ["opened twice", again(committed, "hub.Opened"), /^it was opened before$/],
    [
      "ordinals of another",
      again(committed, "hub.Opened", (args) => ({ ...args, id: word, base: (args.base as bigint) + 2n })),
      /has ordinals of this one$/,
    ],
    [
      "a chain that nobody read",
      { ...committed, header: { ...committed.header, heads: committed.header.heads.slice(0, 2) } },
      /^leg 1 is of chain 31339, of which nothing was read$/,
    ],
  ]);
});

describe("legs in their order", () => {
  const run = (change: (args: unknown[]) => unknown[]) => recalled(committed, ["settler.Receipt", 1], change);
  changed([
    ["a second receipt", again(committed, "settler.Receipt"), /^leg 0 has a receipt already: ok$/],
    [
      "a receipt of another chain",
      moved(committed, "settler.Receipt", () => ({ chainId: 31_339, block: 1 })),
      /^leg 0 is of chain 31338, its receipt is of chain 31339$/,
    ],
    [
      "a receipt of the escrow",
      moved(committed, "settler.Receipt", () => ({ address: logOf(swapped, "escrow.Receipt").address })),
      /^the escrow gave leg 0 of an ordered bundle a receipt$/,
    ],
    [
      "no receipt at all",
      without(committed, "settler.Receipt"),
      /^committed, and these legs did not run well: 0$/,
    ],
    [
      "another result",
      bent(committed, "settler.Receipt", (args) => ({ ...args, result: word })),
      /^leg 0, hash of the 32 bytes it returned: it is 0x.*, the log says 0x0b/,
    ],
    ["bytes that nobody logged", without(committed, "settler.Returned"), /^leg 0, hash of the 0 bytes/],
    [
      "other bytes",
      bent(committed, "settler.Returned", (args) => ({ ...args, data: word })),
      /^leg 0, hash of the 32 bytes/,
    ],
    [
      "another relayer",
      bent(committed, "settler.Receipt", (args) => ({ ...args, relayer: other })),
      /^leg 0 was brought by 0x.*, its receipt names 0x0[bB]/,
    ],
    [
      "too late",
      moved(committed, "settler.Receipt", later(2 * HOUR)),
      /^leg 0 ran at \d+, after its deadline/,
    ],
    [
      "one that failed, and others went on",
      bent(committed, "settler.Receipt", (args) => ({ ...args, status: 2 })),
      /^leg 1 ran, and leg 0, which it needs, is failed$/,
    ],
    [
      "another payload",
      run((args) => {
        const leg = firstLeg(args);
        if (leg) leg.data = leg.data.replace(/00$/, "01");
        return args;
      }),
      /^leg 1: it hashes to 0x.*, brought was 0x/,
    ],
    [
      "another receipt of what it needs",
      run((args) => {
        for (const receipt of args[1] as { relayer: string }[]) receipt.relayer = other;
        return args;
      }),
      /^leg 1 was brought with leg 0 as ok, the chain says ok, or another result or relayer$/,
    ],
    [
      "run where it was cancelled",
      bent(aborted, ["settler.Receipt", 1], (args) => ({ ...args, status: 3 })),
      /was to be run, and is cancelled$/,
    ],
    [
      "missed before its deadline",
      bent(committed, "settler.Receipt", (args) => ({ ...args, status: 4 })),
      /^leg 0 was missed at \d+, its deadline is \d+$/,
    ],
    [
      "cancelled, and the hub committed",
      bent(committed, "settler.Receipt", (args) => ({ ...args, status: 3 })),
      /^leg 0 was cancelled, and the hub did not abort$/,
    ],
    [
      "undone without an abort",
      without(aborted, "hub.Decided"),
      /^compensation 2 ran, and the hub did not abort$/,
    ],
    [
      "a transaction that was kept back",
      { ...committed, sent: committed.sent.filter(({ chainId }) => chainId !== 31_338) },
      /^leg 0 was brought by a transaction that was not read$/,
    ],
  ]);

  test("a condition that did not hold", () => {
    // The leg wants at least 1 of what leg 0 returned.
    const zero = `0x${"00".repeat(32)}`;
    const file = bent(committed, "settler.Returned", (args) => ({ ...args, data: zero }));
    expect(found(file)).toContainEqual(
      expect.stringMatching(/^leg 1 was called, though a condition does not hold/),
    );
  });

  test("what is owed is told, and is nobody's lie", () => {
    const file = without(without(aborted, ["settler.Receipt", 1]), ["hub.ShareSettled", 2]);
    const { due, lines } = prove(file);
    expect(due).toEqual([2]);
    expect(lines.map(({ what }) => what)).toContain("compensation 2 is due, and nobody ran it so far");
  });
});

describe("evidence", () => {
  // Words of abi.encode(Batch): five of its head, four of what was signed, how many bytes, then r | vs of each.
  const SECOND_OF_FIRST_SIGNATURE = 11;
  changed([
    [
      "a signature of somebody else",
      recalled(swapped, "escrow.Finished", ([legs, decisions, evidence, relayer]) => [
        legs,
        decisions,
        otherWord(evidence as string, SECOND_OF_FIRST_SIGNATURE),
        relayer,
      ]),
      /^the signature of seat 0 is .*'s, the seat is 0x/,
    ],
    [
      "another fact",
      recalled(swapped, "escrow.Finished", (args) => {
        for (const decision of args[1] as { outcome: number }[]) decision.outcome = 3;
        return args;
      }),
      /^1 facts do not stand under the root 0x/,
    ],
    [
      "no batch",
      recalled(swapped, "escrow.Finished", (args) => [args[0], args[1], "0x", args[3]]),
      /is no batch$/,
    ],
    ["seats that nobody knows", without(swapped, ["attesters.AttestersSeated", 1]), /seats epoch 1 before$/],
    [
      "other seats than at the hub",
      bent(swapped, ["attesters.AttestersSeated", 1], (args) => ({ ...args, totalWeight: 1n })),
      /^epoch 1 on chain \d+ has other seats than at the hub$/,
    ],
    [
      "too little weight",
      bent(swapped, ["attesters.AttestersSeated", 1], (args) => ({ ...args, totalWeight: 10n ** 11n })),
      /^4000000000 of 100000000000 weight of epoch 1 signed 1 facts: no quorum$/,
    ],
    [
      "long after it was valid",
      moved(swapped, "escrow.Finished", later(HOUR)),
      /^believed at \d+ what was valid until/,
    ],
    [
      "a set that is too old",
      moved(swapped, "escrow.Finished", later(400 * 24 * HOUR)),
      /too old to be believed$/,
    ],
  ]);
});

describe("what the hub decided", () => {
  changed([
    [
      "twice",
      again(committed, "hub.Decided", (args) => ({ ...args, outcome: 3 })),
      /^decided a second time, aborted$/,
    ],
    [
      "another base",
      bent(committed, "hub.Decided", (args) => ({ ...args, base: 7n })),
      /^base ordinal of what was/,
    ],
    [
      "the other way",
      bent(committed, "hub.Decided", (args) => ({ ...args, outcome: 3 })),
      /^commitCompleted aborted it$/,
    ],
    [
      "an abort that committed",
      bent(aborted, "hub.Decided", (args) => ({ ...args, outcome: 2 })),
      /^committed, and these legs did not run well: 1$/,
    ],
    [
      "by a receipt that there is not",
      bent(aborted, ["settler.Receipt", 2], (args) => ({ ...args, status: 1 })),
      /^the hub was shown leg 1 as failed, its chain says ok/,
    ],
    [
      "without a leg",
      recalled(committed, "hub.Decided", (args) => {
        for (const one of args[0] as { results: object[] }[]) one.results.pop();
        return args;
      }),
      /^committed without a word of these legs: 1$/,
    ],
    [
      "with a compensation that is none",
      recalled(committed, "hub.Decided", (args) => {
        for (const one of args[0] as { compensations: string }[])
          one.compensations = one.compensations.replace(/.{2}$/, "ff");
        return args;
      }),
      /^committed without a word of these legs: 2$/,
    ],
    [
      "expired before it was late",
      moved(returned, "hub.Decided", later(-60)),
      /^expired at \d+, allowed after \d+$/,
    ],
    [
      "by a call that names others",
      recalled(returned, "hub.Decided", () => [[word]]),
      /^the call that decided it does not name it$/,
    ],
    [
      "held too late for it",
      moved(swapped, "hub.Decided", later(2 * HOUR)),
      /^committed at \d+, after the deadline/,
    ],
    ["never held", without(swapped, "escrow.Prepared"), /^committed, and these legs were never held: 0$/],
  ]);

  test("by somebody who does not own it", () => {
    const { bundle } = returned.header;
    const opened = logOf(returned, "hub.Opened");
    const owner = `0x${(opened.topics[2] ?? "").slice(26)}`;
    expect(bundle).toBe(opened.topics[1]);
    const mine = sentBy(asAbort(returned), "hub.Decided", { from: owner });
    expect(found(mine)).toEqual([]);
    expect(found(sentBy(mine, "hub.Decided", { from: other }))).toEqual([
      `aborted by ${other}, who does not own it`,
    ]);
  });
});

describe("the file", () => {
  const [first] = committed.logs;
  changed([
    [
      "a log twice",
      { ...committed, logs: [...committed.logs, ...(first ? [first] : [])] },
      /^this log is there twice$/,
    ],
    [
      "a log beyond the head",
      moved(committed, "hub.Decided", () => ({ block: 9_999 })),
      /beyond the head of its chain$/,
    ],
  ]);

  test("logs of other contracts count for nothing", () => {
    const file = moved(committed, "hub.Decided", () => ({ address: other }));
    expect(prove(file).outcome).toBe("open");
  });
});
