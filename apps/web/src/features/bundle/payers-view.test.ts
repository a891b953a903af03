import type { Leg } from "@sooth/bundles/core";
import { encodeAbiParameters, type Hex } from "viem";
import { expect, test } from "vitest";
import { gainsOf } from "./payers-view.ts";

const [OWNER, PAYER, DESK] = ["a1", "b2", "dd"].map((byte): Hex => `0x${byte.repeat(20)}`) as [Hex, Hex, Hex];
const legOf = (kind: Leg["kind"], data: Hex, target: Hex = DESK) =>
  ({ chainId: 1, kind, target, value: 3n, data }) as Leg;
const parties = (payer: Hex, recipient: Hex) =>
  encodeAbiParameters([{ type: "address" }, { type: "address" }], [payer, recipient]);

test("a payer is told what is paid to him, and of what nobody but its contract knows", () => {
  const legs = [
    legOf("escrow", parties(PAYER, OWNER)),
    legOf("escrow", parties(OWNER, PAYER)),
    legOf("participant", "0x"),
  ];
  expect(gainsOf(legs, PAYER)).toEqual({
    paid: [{ place: 1, chainId: 1, target: DESK, value: 3n, payer: OWNER }],
    unknown: [{ place: 2, target: DESK }],
  });
  // Nothing here says that the other side pays anything.
  expect(gainsOf([legs[0] as Leg], PAYER)).toEqual({ paid: [], unknown: [] });
});
