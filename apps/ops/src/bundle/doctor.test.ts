import { type WireBundleCall, type WireBundleDetail, STANDALONE } from "@sooth/bundles/core";
import { expect, test } from "vitest";
import { diagnose } from "./doctor.ts";

const ID = `0x${"1d".repeat(32)}`;
const leg: WireBundleDetail["shown"][number] = {
  place: 0,
  hash: null,
  chainId: 31_338,
  leg: {
    chainId: 31_338,
    kind: "shared",
    target: `0x${"22".repeat(20)}`,
    value: "0",
    gasLimit: 1,
    data: "0x",
    ...STANDALONE,
    salt: ID,
  },
  state: "none",
  failures: 0,
  wait: null,
  result: null,
  returned: null,
  relayer: null,
  transaction: null,
  block: null,
  at: null,
  heldAt: null,
  heldIn: null,
  gasUsed: null,
  cost: null,
};
const detail = (over: Partial<WireBundleDetail>): WireBundleDetail => ({
  id: ID,
  chainId: 31_337,
  owner: `0x${"aa".repeat(20)}`,
  mode: "ordered",
  legs: 1,
  chains: [31_338],
  fee: "9",
  deadline: 1_800_000_000,
  outcome: "open",
  status: { kind: "ready", legs: [0] },
  openedAt: 1,
  openedIn: ID,
  bundle: null,
  base: "0",
  shown: [leg],
  pledges: [],
  attestations: [],
  clocks: [{ chainId: 31_337, now: 1_799_999_000, paused: false, reachable: true }],
  times: { abortable: 1_800_000_100, escape: 1_800_000_200, reclaimable: 1_800_000_300 },
  decidedAt: null,
  decidedIn: null,
  fees: { paid: "0", toAttesters: "0", toOwner: "0", left: "0" },
  calls: [],
  ...over,
});
const call = (over: Partial<WireBundleCall>): WireBundleCall => ({
  what: "run",
  leg: 0,
  by: null,
  chainId: 31_338,
  to: leg.leg?.target ?? "",
  data: "0x",
  value: "0",
  ...over,
});

test("what anybody may send is relayed, what is late is refunded, what failed is retried", () => {
  expect(diagnose(detail({}), [call({})], []).todo).toEqual([`sooth bundle relay ${ID} --send`]);
  const expire = call({ what: "expire", leg: null, chainId: 31_337 });
  expect(diagnose(detail({}), [expire], []).todo).toEqual([`sooth bundle refund ${ID} --send`]);
  const stuck = detail({
    status: { kind: "stuck", legs: [0] },
    shown: [{ ...leg, failures: 3, wait: "unfunded" }],
  });
  const found = diagnose(stuck, [call({ what: "compensate" })], []);
  expect(found.says).toContain("compensation of leg 1 failed");
  expect(found.reasons).toContain(
    "leg 1 was brought and left alone: the owner's account does not hold its value",
  );
  expect(found.todo).toEqual([`sooth bundle retry ${ID} --send`]);
});

test("it says for whom a bundle waits when no command helps", () => {
  const why = "bundles.not_attested: too young";
  const asked = [{ facts: [{ kind: "prepared" as const, id: ID as `0x${string}` }], chainId: 31_337, why }];
  const waits = diagnose(detail({ status: { kind: "prepared" } }), [], asked);
  expect(waits).toEqual({
    says: "it waits for attesters",
    reasons: [`attesters do not say prepared for chain 31337: ${why}`],
    todo: [],
  });
  const preparing = detail({ status: { kind: "preparing", held: [], missing: [0] } });
  const payer = `0x${"bb".repeat(20)}`;
  const unpaid = diagnose(preparing, [call({ what: "prepare", by: payer })], []);
  expect(unpaid.says).toContain("until its payers have paid in");
  expect(unpaid.reasons).toEqual([
    `prepare of leg 1 on chain 31338 waits for ${payer}, who sends it by npx sooth bundle pay ${ID} --send`,
  ]);
  const away = detail({ clocks: [{ chainId: 31_338, now: 1, paused: true, reachable: false }] });
  expect(diagnose(away, [], []).reasons).toEqual([
    "a contract of bundles is paused on chain 31338: it ends by itself, 72 hours after it began at the latest",
    "no node of chain 31338 answers the server",
  ]);
});

test("a lane that rests or is full keeps people from paying in, and says until when", () => {
  const status = { kind: "preparing" as const, held: [], missing: [0] };
  const lane = { chainId: 31_338, other: 31_339, token: `0x${"cc".repeat(20)}`, places: [0], wanted: "70" };
  const told = (room: string, restsUntil: number | null) =>
    diagnose(detail({ status, lanes: [{ ...lane, room, restsUntil }] }), [], []).reasons;
  expect(told("70", null)).toEqual([]);
  expect(told("69", null)).toEqual([
    expect.stringMatching(
      /^leg 1 cannot be paid in now: the escrow on chain 31338 takes 69 more of 0xcc.* chain 31339/,
    ),
  ]);
  expect(told("0", 1_800_001_800)).toEqual([
    expect.stringMatching(/^leg 1 cannot be paid in before 1800001800.*chain 31339 more came back/),
  ]);
});

test("what is over is over, but for money that is left", () => {
  const over = detail({ status: { kind: "compensated", undone: [], stays: [0] }, outcome: "aborted" });
  expect(diagnose(over, [], [])).toEqual({
    says: "it is over: compensated",
    reasons: ["leg 1 ran, and nothing undoes it"],
    todo: [],
  });
  const late = { chainId: 31_337, now: 1_800_000_301, paused: false, reachable: true };
  const left = { ...over, fees: { ...over.fees, left: "7" }, clocks: [late] };
  expect(diagnose(left, [], []).todo).toEqual([`sooth bundle refund ${ID} --send`]);
});

test("a leg that would fail is said to, and why, before it is said to wait for anybody", () => {
  const failing = [{ place: 0, fails: "its target has no code (local-rollup-a)" }];
  const found = diagnose(detail({}), [], [], failing);
  expect(found.says).toContain("leg 1 would fail as things stand: mend that by");
  expect(found.reasons).toEqual([
    "leg 1 would fail as things stand: its target has no code (local-rollup-a)",
  ]);
});
