import { type Built, bundleTypedData, openingCalls, type WireBundleCall } from "@sooth/bundles/core";
import { expect, test, vi } from "vitest";
import { ApiError } from "../api-error.ts";
import type { BundleDetail, PrepareBundleInput, PreparedBundle } from "../generated/types.ts";
import { waitForBundle } from "./follow.ts";
import { bundle, BundlesError, handOver, prepare } from "./index.ts";

const NOW = 1_800_000_000;
const address = (byte: string) => `0x${byte.repeat(20)}` as const;

function built() {
  const builder = bundle({
    hub: { chainId: 1, hub: address("aa") },
    owner: address("01"),
    mode: "escrowed",
    deadline: NOW + 600,
    fee: 3n,
    salt: 1n,
    secret: `0x${"5e".repeat(32)}`,
  });
  builder.escrow({ chainId: 10, token: address("bb"), amount: 5n, from: address("01"), to: address("02") });
  return builder.build(NOW);
}
const contracts = { hub: { chainId: 1, hub: address("aa") }, escrow: address("cc") };
const callsOf = ({ bundle, legs }: Built) =>
  openingCalls(contracts.hub, contracts.escrow, { bundle, legs, isPrivate: false });
const preparedAs = (id: string, calls: PreparedBundle["calls"] = []) => ({
  prepareBundle: vi.fn<(input: PrepareBundleInput) => Promise<PreparedBundle>>(
    async () =>
      ({ id, calls, bundle: {}, hashes: [], typedData: "another", pledges: [] }) as unknown as PreparedBundle,
  ),
});

test("what is prepared is what was built, its fee and salt included", async () => {
  const one = built();
  const own = callsOf(one);
  const client = preparedAs(one.id, own);
  const typedData = bundleTypedData(contracts.hub, one.bundle);
  expect(await prepare(client, one, contracts)).toMatchObject({
    id: one.id,
    calls: own,
    hashes: one.hashes,
    typedData,
  });
  expect(own.map(({ what }) => what)).toEqual(["open", "approve", "prepare"]);
  expect(client.prepareBundle).toHaveBeenCalledWith(
    expect.objectContaining({
      fee: "3",
      salt: "1",
      mode: "escrowed",
      legs: [expect.objectContaining({ value: "5" })],
    }),
    undefined,
  );
});

test("an allowance that is there already is left out, and nothing is put in the place of another", async () => {
  const one = built();
  const [open, approve, pay] = callsOf(one) as [WireBundleCall, WireBundleCall, WireBundleCall];
  const shown = async (...calls: WireBundleCall[]) =>
    (await prepare(preparedAs(one.id, calls), one, contracts)).calls;
  expect(await shown(open, pay)).toEqual([open, pay]);
  const lies = [
    { ...open, value: "4" },
    { ...pay, to: address("66") },
    { ...pay, chainId: 11 },
    { ...approve, data: `${approve.data.slice(0, -1)}9` },
    { ...open, to: address("66"), data: "0x" },
  ];
  for (const lie of lies)
    await expect(shown(open, lie)).rejects.toMatchObject({
      code: "bundle_mismatch",
      message: expect.stringContaining(lie.what) as string,
    });
});

test("a server that speaks of another bundle is not followed", async () => {
  const one = built();
  const other = `0x${"00".repeat(32)}`;
  const elsewhere = { ...contracts, hub: { chainId: 2, hub: address("aa") } };
  await expect(prepare(preparedAs(other), one, contracts)).rejects.toMatchObject({ code: "bundle_mismatch" });
  await expect(prepare(preparedAs(one.id), one, elsewhere)).rejects.toMatchObject({
    code: "bundle_mismatch",
  });
  const opener = { openBundle: async () => ({ id: other }) };
  await expect(handOver(opener, one, "0x12")).rejects.toMatchObject({ code: "bundle_mismatch" });
});

/** Answers with one status after the other; a code is a failure. */
function reader(...answers: (BundleDetail["status"] | string)[]) {
  const getBundle = async () => {
    const answer = answers.length > 1 ? answers.shift() : answers[0];
    if (typeof answer === "string") throw new ApiError({ status: 404, code: answer, message: answer });
    return { status: answer } as BundleDetail;
  };
  return { getBundle };
}

test("a bundle is waited for until nothing more becomes of it, and every change is told once", async () => {
  const told = vi.fn<(status: BundleDetail["status"]) => void>();
  const client = reader(
    "bundles.unknown",
    { kind: "prepared" },
    { kind: "prepared" },
    { kind: "decided", outcome: "committed", held: [0] },
    { kind: "completed" },
  );
  const { status } = await waitForBundle(client, "0x01", { pollMs: 0, onStatus: told });
  expect(status).toEqual({ kind: "completed" });
  expect(told.mock.calls.map(([one]) => one.kind)).toEqual(["prepared", "decided", "completed"]);
});

test("one that nobody knows is not waited for longer than was asked, and what is wrong otherwise not at all", async () => {
  const impatient = { pollMs: 0, patientSeconds: 0 };
  await expect(waitForBundle(reader("bundles.unknown"), "0x01", impatient)).rejects.toMatchObject({
    code: "bundles.unknown",
  });
  await expect(waitForBundle(reader("http.broken"), "0x01", { pollMs: 0 })).rejects.toMatchObject({
    code: "http.broken",
  });
});

test("one that is stuck is no end, and waiting for it stops when it is told to", async () => {
  const stop = new AbortController();
  const waiting = waitForBundle(reader({ kind: "stuck", legs: [1] }), "0x01", {
    pollMs: 0,
    signal: stop.signal,
    onStatus: () => stop.abort(new Error("enough")),
  });
  await expect(waiting).rejects.toThrow("enough");
});

test("what the builder refuses has the package's codes", () => {
  expect(BundlesError.undone_twice({ leg: 1 })).toMatchObject({ code: "bundles.undone_twice" });
});
