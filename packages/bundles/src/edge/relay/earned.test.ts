import type { Address } from "@sooth/kernel";
import { expect, test } from "vitest";
import { type LegShown, NO_RESULT, NOBODY } from "../../core/index.ts";
import { plainLeg, shownBundle } from "../../../test/shown.ts";
import { earnedOf } from "./earned.ts";

const US: Address = `0x${"a1".repeat(20)}`;
const OTHER: Address = `0x${"b2".repeat(20)}`;
const OWNER: Address = `0x${"c3".repeat(20)}`;
const by = (relayer: LegShown["relayer"], state: LegShown["state"] = "ok"): LegShown => ({
  state,
  result: NO_RESULT,
  relayer,
  failures: 0,
});
/** Shares of 1,000 wei each. */
const earned = (shown: LegShown[], who = US) =>
  earnedOf(
    shownBundle(
      shown.map(() => plainLeg()),
      { bundle: { owner: OWNER, fee: 1_000n * BigInt(shown.length) }, shown },
    ),
    who,
    2_000,
  );

test("a relayer has the shares of the legs that he brought, less the attesters' part", () => {
  expect(earned([by(US), by(OTHER), by(US, "failed")])).toBe(1_600n);
  // Of one that did not run a quarter is due.
  expect(earned([by(US, "cancelled"), by(US, "none"), by(NOBODY, "ok")])).toBe(200n);
  // The owner's own legs bring him nothing but what is his.
  expect(earned([by(OWNER)], OWNER)).toBe(0n);
});
