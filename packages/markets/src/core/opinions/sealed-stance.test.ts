import type { Address, Hex } from "@sooth/kernel";
import { lockUntil, publicKeyOf, secretKeyFrom, sign, timeOf } from "@sooth/randomness/core";
import { concat, size } from "viem";
import { expect, test } from "vitest";
import {
  type HiddenStance,
  openStance,
  SEALED_BYTES,
  sealComplaint,
  sealStance,
  stanceRound,
  stancesOpenAt,
} from "./sealed-stance.ts";
import { stanceCommitment } from "./terms.ts";

const SECRET = secretKeyFrom(`0x${"29".repeat(32)}`);
const BEACON = { genesis: 1_700_000_000, period: 3, publicKey: publicKeyOf(SECRET), clockLag: 10 };
const bytes = (two: string): Hex => `0x${two.repeat(32)}`;
const MARKET = bytes("61");
const OWNER: Address = `0x${"a7".repeat(20)}`;
const closesAt = 1_800_000_001;
const ROUND = stanceRound(BEACON, { closesAt });
const SIGNED = { round: ROUND, signature: sign(SECRET, ROUND) };
const SECRETS = { salt: bytes("5a"), chance: bytes("17") };

const hide = (band: number, owner: Address = OWNER): HiddenStance => ({
  market: MARKET,
  owner,
  ...sealStance(BEACON, { market: MARKET, closesAt, owner, band }, SECRETS),
});

test.each([0, 11, 20])("band %i is told by the round's signature, and by nothing else", (band) => {
  const hidden = hide(band);
  expect(size(hidden.sealed)).toBe(SEALED_BYTES);
  expect(sealComplaint(hidden.sealed, ROUND)).toBeNull();
  expect(openStance(hidden, SIGNED)).toEqual({ band, salt: SECRETS.salt });
  const early = sign(SECRET, ROUND - 1n);
  expect(openStance(hidden, { round: ROUND, signature: early })).toEqual({ fault: "changed" });
});

test("the round is the first that comes out when nobody can stake any more, however late the chain's clock is", () => {
  for (const second of [0, 1, 2, 3, 4]) {
    const closes = closesAt + second;
    const round = stanceRound(BEACON, { closesAt: closes });
    const opensAt = stancesOpenAt(BEACON, { closesAt: closes });
    expect(timeOf(BEACON, round)).toBe(opensAt);
    expect(opensAt).toBeGreaterThanOrEqual(closes + BEACON.clockLag);
    expect(opensAt - BEACON.period).toBeLessThan(closes + BEACON.clockLag);
  }
});

test("a seal that is none, or of another round, shows at once", () => {
  const { sealed } = hide(3);
  expect(sealComplaint("0x", ROUND)).toBe("malformed");
  expect(sealComplaint("0x1234", ROUND)).toBe("malformed");
  expect(sealComplaint(`${sealed}00`, ROUND)).toBe("malformed");
  expect(sealComplaint(`0x09${sealed.slice(4)}`, ROUND)).toBe("malformed");
  expect(sealComplaint(sealed, ROUND + 1n)).toBe("wrong_round");
  expect(openStance({ ...hide(3), sealed: "0x" }, SIGNED)).toEqual({ fault: "malformed" });
});

test("who seals something else than he committed to is found out", () => {
  const sealing = (message: Hex, commitment: Hex) =>
    openStance(
      {
        market: MARKET,
        owner: OWNER,
        commitment,
        sealed: lockUntil(BEACON.publicKey, ROUND, message, SECRETS.chance),
      },
      SIGNED,
    );
  const committed = (band: number) => stanceCommitment(MARKET, OWNER, band, SECRETS.salt);
  expect(sealing(concat(["0x04", SECRETS.salt]), committed(3))).toEqual({ fault: "lying" });
  expect(sealing(concat(["0x03", bytes("00")]), committed(3))).toEqual({ fault: "lying" });
  // A band that the contract does not take, honestly committed to.
  expect(sealing(concat(["0x15", SECRETS.salt]), committed(21))).toEqual({ fault: "lying" });
  expect(sealing(concat(["0x03", SECRETS.salt]), committed(3))).toMatchObject({ band: 3 });
});

test("a seal that somebody copied from another's log tells nothing for him", () => {
  const copied = { ...hide(3), owner: `0x${"b8".repeat(20)}` as Address };
  expect(openStance(copied, SIGNED)).toEqual({ fault: "lying" });
});

test("there is nothing to seal but bands and salts of their size", () => {
  expect(() => hide(21)).toThrow(RangeError);
  expect(() => hide(1.5)).toThrow(RangeError);
  const asked = { market: MARKET, closesAt, owner: OWNER, band: 3 };
  expect(() => sealStance(BEACON, asked, { ...SECRETS, salt: "0x12" })).toThrow(RangeError);
});
