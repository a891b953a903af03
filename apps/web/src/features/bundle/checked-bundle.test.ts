import { bundleHubAbi, escrowAbi, settlerAbi } from "@sooth/abi";
import {
  type Bundle,
  bundleId,
  bundleToWire,
  encodeLegs,
  headerOf,
  type Leg,
  legHash,
  legsHashOf,
  legToWire,
  STANDALONE,
} from "@sooth/bundles/core";
import { at } from "@sooth/kernel";
import { decodeFunctionData, encodeAbiParameters, encodeFunctionData, erc20Abi, type Hex } from "viem";
import { describe, expect, test } from "vitest";
import type { BundleCall, BundleDetail, LegShown } from "../../api.ts";
import { allLegs, checkedBundle } from "./checked-bundle.ts";
import { checkedCall, type Contracts } from "./checked-call.ts";

const address = (byte: string): Hex => `0x${byte.repeat(20)}`;
const [OWNER, PAYER, THIEF, TOKEN] = [address("a1"), address("b2"), address("66"), address("cc")];
const CONTRACTS: Contracts = {
  hub: { chainId: 31_337, hub: address("0a") },
  settler: address("0b"),
  escrow: address("0c"),
};
const NOTHING: Hex = `0x${"00".repeat(32)}`;
const held = (chainId: number, payer: Hex, recipient: Hex, value: bigint): Leg => ({
  chainId,
  kind: "escrow",
  target: TOKEN,
  value,
  gasLimit: 0,
  data: encodeAbiParameters([{ type: "address" }, { type: "address" }], [payer, recipient]),
  ...STANDALONE,
  salt: NOTHING,
});
const LEGS = [held(31_338, OWNER, PAYER, 5n), held(31_339, PAYER, OWNER, 2n)];

function toldOf(legs: readonly Leg[], change: Partial<Bundle> = {}): BundleDetail {
  const bundle: Bundle = {
    owner: OWNER,
    mode: "escrowed",
    legs: legs.length,
    deadline: 2_000_000_000,
    legsHash: legsHashOf(legs.map(legHash)),
    fee: 7n,
    salt: 1n,
    ...change,
  };
  const shown = legs.map((leg, place) => ({ place, hash: legHash(leg), leg: legToWire(leg), state: "none" }));
  return {
    id: bundleId(CONTRACTS.hub, bundle),
    owner: bundle.owner,
    mode: bundle.mode,
    legs: bundle.legs,
    deadline: bundle.deadline,
    bundle: bundleToWire(bundle),
    shown: shown as unknown as LegShown[],
  } as unknown as BundleDetail;
}
const honest = toldOf(LEGS);
const refusalOf = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    return (error as { code: string }).code;
  }
  return "nothing";
};
const check = (told: BundleDetail) => checkedBundle(CONTRACTS.hub, told);

describe("what a server says of a bundle", () => {
  test("is taken when its id, its header and its legs are of each other", () => {
    expect(check(honest)).toMatchObject({ id: honest.id, legs: LEGS, hashes: LEGS.map(legHash) });
    expect(allLegs(check(honest))).toEqual(LEGS);
  });

  test("is refused when the header is another one's, or the page would show what it does not say", () => {
    const other = toldOf(LEGS, { fee: 8n });
    expect(refusalOf(() => check({ ...honest, bundle: other.bundle }))).toBe("web.other_bundle");
    for (const lie of [{ owner: THIEF }, { deadline: 1 }, { mode: "ordered" as const }, { legs: 1 }])
      expect(refusalOf(() => check({ ...honest, ...lie }))).toBe("web.other_bundle");
    expect(refusalOf(() => check({ ...honest, bundle: null }))).toBe("web.no_header");
  });

  test("is refused when a leg on the page is not one that was signed", () => {
    const cheaper = [held(31_338, OWNER, PAYER, 50n), at(LEGS, 1)];
    // The id and the header stay, and what is shown promises more.
    expect(refusalOf(() => check({ ...honest, shown: toldOf(cheaper).shown }))).toBe("web.other_legs");
    const [first, second] = honest.shown as [LegShown, LegShown];
    const relabelled = [{ ...first, leg: at(toldOf(cheaper).shown, 0).leg }, second];
    expect(refusalOf(() => check({ ...honest, shown: relabelled }))).toBe("web.other_legs");
    const monstrous = { ...first, leg: { ...(first.leg as object), value: String(1n << 200n) } } as LegShown;
    expect(refusalOf(() => check({ ...honest, shown: [monstrous, second] }))).toBe("web.other_legs");
    expect(refusalOf(() => check({ ...honest, shown: [first] }))).toBe("web.other_legs");
    expect(refusalOf(() => check({ ...honest, shown: [second, first] }))).toBe("web.other_legs");
  });

  test("does not get a payer to sign for what he cannot see", () => {
    const [first, second] = honest.shown as [LegShown, LegShown];
    const hidden = check({ ...honest, shown: [{ ...first, leg: null }, second] });
    expect(refusalOf(() => allLegs(hidden))).toBe("web.private_legs");
  });
});

/** It says `what`, and does something else. */
const call = (what: BundleCall["what"], change: Partial<BundleCall> = {}): BundleCall => ({
  what,
  leg: null,
  by: OWNER,
  chainId: 1,
  to: THIEF,
  data: encodeFunctionData({ abi: erc20Abi, functionName: "approve", args: [THIEF, 10n ** 30n] }),
  value: "999",
  ...change,
});

describe("what a server offers to send", () => {
  const checked = check(honest);
  const send = (one: BundleCall) => checkedCall(CONTRACTS, checked, one, OWNER);

  test("is not looked at where the page can say it itself: it opens, aborts and takes back this very bundle", () => {
    const { hub, escrow } = CONTRACTS;
    const open = send(call("open"));
    expect(open).toMatchObject({ chainId: hub.chainId, to: hub.hub, value: "7" });
    const { functionName, args } = decodeFunctionData({ abi: bundleHubAbi, data: open.data });
    expect([functionName, small(args)]).toEqual(["open", [headerOf(checked.bundle), encodeLegs(LEGS)]]);
    for (const what of ["abort", "reclaim"] as const) {
      const sent = send(call(what));
      expect(sent).toMatchObject({ chainId: hub.chainId, to: hub.hub, value: "0" });
      const found = decodeFunctionData({ abi: bundleHubAbi, data: sent.data });
      expect([found.functionName, small(found.args)]).toEqual([what, [headerOf(checked.bundle)]]);
    }
    const back = send(call("take_back", { leg: 0 }));
    expect(back).toMatchObject({ chainId: 31_338, to: escrow, value: "0" });
    expect(decodeFunctionData({ abi: escrowAbi, data: back.data }).functionName).toBe("takeBack");
  });

  test("ends this bundle, by the call for one that is open or for one that nobody opened", () => {
    const { hub } = CONTRACTS;
    const other = check(toldOf([held(31_338, OWNER, THIEF, 10n ** 20n)]));
    const encode = (functionName: "expire" | "expireUnopened") =>
      functionName === "expire"
        ? encodeFunctionData({ abi: bundleHubAbi, functionName, args: [[other.id]] })
        : encodeFunctionData({
            abi: bundleHubAbi,
            functionName,
            args: [headerOf(other.bundle), "0x"],
          });
    for (const [name, args] of [
      ["expire", [[checked.id]]],
      ["expireUnopened", [headerOf(checked.bundle), encodeLegs(LEGS)]],
    ] as const) {
      const sent = send(call("expire", { by: null, data: encode(name) }));
      expect(sent).toMatchObject({ chainId: hub.chainId, to: hub.hub, value: "0" });
      const found = decodeFunctionData({ abi: bundleHubAbi, data: sent.data });
      expect([found.functionName, small(found.args)]).toEqual([name, args]);
    }
    expect(refusalOf(() => send(call("expire")))).toBe("web.other_call");
  });

  test("is put in for this leg of this bundle, with nothing of the server's but signatures", () => {
    const other = check(toldOf([held(31_338, OWNER, THIEF, 10n ** 20n)]));
    const lie = (by: Hex | null): BundleCall =>
      call("prepare", { leg: 0, by, data: encodePrepare(other, "0x1234") });
    for (const [by, consent] of [
      [OWNER, "0x"],
      [null, "0x1234"],
    ] as const) {
      const { to, chainId, data } = send(lie(by));
      expect([to, chainId]).toEqual([CONTRACTS.escrow, 31_338]);
      const { args } = decodeFunctionData({ abi: escrowAbi, data });
      expect(small(args?.slice(0, 5))).toEqual([
        headerOf(checked.bundle),
        LEGS.map(legHash),
        0,
        { ...pick(at(LEGS, 0)), kind: 3 },
        consent,
      ]);
    }
  });

  test("is refused where it is another function than its name says, or an allowance", () => {
    for (const what of ["commit", "settle", "approve"] as const)
      expect(refusalOf(() => send(call(what, { by: null })))).toBe("web.other_call");
    for (const what of ["run", "cancel", "finish", "prepare"] as const)
      expect(refusalOf(() => send(call(what, { by: null, leg: 0 })))).toBe("web.other_call");
    const withdraw = encodeFunctionData({ abi: bundleHubAbi, functionName: "withdraw", args: [THIEF, 1n] });
    expect(refusalOf(() => send(call("settle", { by: null, data: withdraw })))).toBe("web.other_call");
    for (const leg of [9, null])
      expect(refusalOf(() => send(call("take_back", { leg })))).toBe("web.other_call");
  });

  test("goes to the contract of its name, carries what its leg carries, and names the sender as relayer", () => {
    const data = encodeFunctionData({
      abi: settlerAbi,
      functionName: "run",
      args: [[], [], [], "0x", THIEF],
    });
    const sent = send(call("run", { by: null, leg: 1, data }));
    expect(sent).toMatchObject({ chainId: 31_339, to: CONTRACTS.settler, value: "0" });
    const { args } = decodeFunctionData({ abi: settlerAbi, data: sent.data });
    expect(small(args?.at(-1))).toBe(OWNER);
  });
});

/** Addresses without the checksum that decoding puts in. */
const small = (value: unknown): unknown => {
  if (typeof value === "string") return value.toLowerCase();
  if (Array.isArray(value)) return value.map(small);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, small(one)]));
};
const pick = ({ target, value, gasLimit, data, salt }: Leg) => ({ target, value, gasLimit, data, salt });

function encodePrepare({ bundle, hashes, legs }: ReturnType<typeof check>, consent: Hex): Hex {
  const permit = { value: 0n, deadline: 0n, v: 0, r: NOTHING, s: NOTHING };
  const leg = { ...pick(legs[0] as Leg), kind: 3 };
  return encodeFunctionData({
    abi: escrowAbi,
    functionName: "prepare",
    args: [headerOf(bundle), [...hashes], 0, leg, consent, permit],
  });
}
