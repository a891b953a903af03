import "./features/bundle/error-words.ts";
import "./features/opinion/erasure/error-words.ts";
import {
  bundleHubAbi,
  courtAbi,
  escrowAbi,
  ladderAbi,
  oracleAbi,
  settlerAbi,
  stakeManagerAbi,
} from "@sooth/abi";
import { ContentError } from "@sooth/markets/core";
import { DisputeError } from "@sooth/oracle/core";
import { encodeErrorResult, type Abi } from "viem";
import { expect, test } from "vitest";
import { sentenceFor } from "./error-text.ts";
import { revertText } from "./features/wallet/contract-error.ts";
import { PLAIN } from "./plain-errors.ts";

const USD = { decimals: 6, symbol: "tUSD" };
/** For programs and deployers, who read the row's own words. */
const NOT_MET =
  /BadTerms|NotArbitrable|AlreadyShown|BadLimits|NotAllowed|NotBonded|UnknownDomain|EpochTooYoung/;

test("every error of disputes and juries that the API tells is a sentence with what to do next", () => {
  for (const name of Object.keys(DisputeError.rows)) {
    const text = sentenceFor(
      `dispute.${name}`,
      { claim: "Yes", status: "final", has: "1", wanted: "2" },
      USD,
    );
    expect(PLAIN, name).toHaveProperty([`dispute.${name}`]);
    expect(text, name).toMatch(/^[A-Z“].*[.:,].*\.$/);
  }
});

test("every refusal to erase a text or to let it stay is a sentence with what to do next", () => {
  const codes = [
    "not_yours",
    "shared",
    "too_young",
    "not_asked",
    "request_expired",
    "bad_signature",
  ] as const;
  for (const code of codes) {
    expect(ContentError.rows).toHaveProperty(code);
    expect(sentenceFor(`content.${code}`, { wait: 4_000 }, USD), code).toMatch(/^[A-Z].*[.,:].*\.$/);
  }
  expect(sentenceFor("content.too_young", { wait: 3_900 }, USD)).toMatch(/Ask again in 1 h 5 min\.$/);
});

const sample = (type: string): unknown => {
  if (type.startsWith("uint") || type.startsWith("int"))
    return Number(type.replace(/\D/g, "")) > 48 ? 1_000_000n : 1;
  if (type === "string") return "text";
  if (type === "address") return `0x${"01".repeat(20)}`;
  return `0x${"02".repeat(32)}`;
};

test.each([
  ["Court", courtAbi as Abi, /^Court_/],
  ["StakeManager", stakeManagerAbi as Abi, /^StakeManager_/],
  [
    "Ladder",
    ladderAbi as Abi,
    /^Ladder_(NotTheTerms|WrongStage|TooLate|TooSoon|JuryOnly|BadChoice|NoAppeal|UnknownJury)$/,
  ],
  [
    "Oracle",
    oracleAbi as Abi,
    /^Oracle_(NotDisputable|BadClaim|NotTheDispute|OutOfBounds|InsufficientCredit)$/,
  ],
  [
    "BundleHub",
    bundleHubAbi as Abi,
    /^Hub_(OpenAlready|NotOpen|NotDecided|NotOwner|WrongFee|BadTerms|Late|Early|Paused|NotCompleted|InsufficientCredit)$/,
  ],
  [
    "Escrow",
    escrowAbi as Abi,
    /^Escrow_(Paused|BadLeg|Late|NotEmpty|NotHeld|NotSigned|BadToken|OverLimit|Undecided|TooSoon|DueOtherwise|Starved)$/,
  ],
  ["Lanes", escrowAbi as Abi, /^Lanes_(NotShown|OverLimit|Resting)$/],
  ["Settler", settlerAbi as Abi, /^Settler_(NotAborted|NotDue|ValueMissing|Starved)$/],
])("what %s refuses in a dialog is one too", (_, abi, met) => {
  const errors = abi.flatMap((item) => (item.type === "error" ? [item] : []));
  const wanted = errors.filter(({ name }) => met.test(name) && !NOT_MET.test(name));
  expect(wanted.length).toBeGreaterThan(2);
  for (const { name, inputs } of wanted) {
    const args = inputs.map(({ type }) => sample(type));
    const text = revertText(encodeErrorResult({ abi, errorName: name, args }), USD);
    expect(text, name).not.toMatch(/The contract refused|undefined|0x0[12]/);
    expect(text, name).toMatch(/^[A-Z0-9].*[.:,] .*\.$/);
  }
});

test("what the opinion markets refuse is said with short ids and with dates", () => {
  const market = `0x${"02".repeat(32)}`;
  const member = `0x${"01".repeat(20)}`;
  const bad = sentenceFor("opinions.bad_approval", { market, member }, USD);
  expect(bad).toMatch(/^The committee does not take this signature/);
  expect(bad).not.toMatch(/0x[0-9a-f]{20}/);
  expect(sentenceFor("opinions.approval_expired", { market, expiresAt: 1_800_000_000 }, USD)).toMatch(/2027/);
});
