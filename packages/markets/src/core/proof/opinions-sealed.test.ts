import { opinionsAbi } from "@sooth/abi";
import { type Hex, need } from "@sooth/kernel";
import { noteOn } from "@sooth/oracle/core";
import { publicKeyOf, secretKeyFrom, sign } from "@sooth/randomness/core";
import { encodeFunctionData } from "viem";
import { expect, test } from "vitest";
import { domain, hiddenStory, isLog, replayed, SALT, someone } from "../../../test/opinion-story.ts";
import { sealStance, stanceRound, stancesOpenAt } from "../opinions/sealed-stance.ts";
import { doorOf, HIDDEN_BAND, opinionTermsHash, textHash } from "../opinions/terms.ts";
import type { OpinionLogOf } from "./opinion-log.ts";
import { endOf } from "./opinions-moved.ts";
import { openSealed, roundToOpen } from "./opinions-sealed.ts";

const SECRET = secretKeyFrom(`0x${"29".repeat(32)}`);
const beaconKey = publicKeyOf(SECRET);
const { beaconGenesis, beaconPeriodSeconds, drawDelaySeconds } = domain.params;
const BEACON = {
  publicKey: beaconKey,
  genesis: beaconGenesis,
  period: beaconPeriodSeconds,
  clockLag: drawDelaySeconds,
};
const [FIRST, SECOND, THIRD] = [someone(1), someone(2), someone(3)];

/** Three hidden stances, 50, 55 and 10, locked as `locks` says; the first two are told. */
function locked(locks: readonly ("valid" | "early" | Hex)[]) {
  const story = hiddenStory();
  const { terms, id } = story;
  let index = -1;
  const steps = story.steps.map((step) => {
    if (!isLog(step) || step.event !== "Hidden") return step;
    index += 1;
    const lock = need(locks[index], "a lock");
    const { owner } = (step as OpinionLogOf<"Hidden">).args;
    const closesAt = lock === "early" ? terms.closesAt - 60 : terms.closesAt;
    const secrets = { salt: SALT, chance: `0x${"17".repeat(32)}` as Hex };
    const band = need([10, 11, 2][index], "a band");
    const seal = sealStance(BEACON, { market: id, closesAt, owner, band }, secrets).sealed;
    return { ...step, args: { ...step.args, sealed_: lock === "valid" || lock === "early" ? seal : lock } };
  });
  const ledger = replayed(steps as typeof story.steps, { beaconKey });
  const book = need(ledger.markets.get(id), "the market");
  const round = stanceRound(BEACON, terms);
  const open = (now: number, signature: Hex | null = sign(SECRET, round)) => {
    const [lines, findings] = [ledger.oracle.lines.length, ledger.oracle.findings.length];
    const note = noteOn(ledger.oracle, endOf({ block: 9_999, at: now }), id);
    const rows = openSealed(ledger, book, { signatureOf: () => signature, now }, note);
    return {
      rows,
      told: ledger.oracle.lines.slice(lines).map(({ what }) => what),
      found: ledger.oracle.findings.slice(findings).map(({ what }) => what),
    };
  };
  return { ...story, ledger, book, round, open };
}

test("what opens is compared with what was told, and what nobody told is named", () => {
  const { open, round, end } = locked(["valid", "valid", "valid"]);
  const { rows, told, found } = open(end);
  expect(found).toEqual([]);
  expect(rows).toEqual([
    { owner: FIRST, seal: "opens", opened: 50, told: 50 },
    { owner: SECOND, seal: "opens", opened: 55, told: 55 },
    { owner: THIRD, seal: "opens", opened: 10, told: null },
  ]);
  expect(told).toContain(`stance that ${SECOND} sealed, by the signature of round ${round}: 55`);
  expect(told).toContain(`${THIRD} sealed stance 10 validly, and it was never told`);
});

test("while it may still be told, that is what is said", () => {
  const { open, terms } = locked(["valid", "valid", "valid"]);
  const until = terms.closesAt + terms.revealSeconds;
  expect(open(until - 1).told).toContain(
    `${THIRD} sealed stance 10 validly, and it may be told until ${until}`,
  );
  expect(open(until).told).toContain(`${THIRD} sealed stance 10 validly, and it was never told`);
});

test("garbage is named by what is wrong with it, and is nobody's fault but its owner's", () => {
  const { open, end } = locked(["0x1234", "early", "0x"]);
  const { rows, told, found } = open(end);
  expect(found).toEqual([]);
  expect(rows.map(({ seal, opened }) => [seal, opened])).toEqual([
    ["malformed", null],
    ["wrong_round", null],
    ["none", null],
  ]);
  expect(told).toContain(`${FIRST} sealed what opens to no stance (malformed): he told stance 50 himself`);
  expect(told).toContain(`${SECOND} sealed what opens to no stance (wrong_round): he told stance 55 himself`);
  expect(told).toContain(`${THIRD} sealed nothing: his stance was never told`);
});

test("before the round is out nobody is asked for it, nor where nothing was sealed", () => {
  const { ledger, book, terms, round } = locked(["valid", "valid", "valid"]);
  const opensAt = stancesOpenAt(BEACON, terms);
  expect(roundToOpen(ledger, book, opensAt - 1)).toBeNull();
  expect(roundToOpen(ledger, book, opensAt)).toBe(round);
  const bare = locked(["0x", "0x", "0x"]);
  expect(roundToOpen(bare.ledger, bare.book, opensAt)).toBeNull();
});

test("without the signature they stay locked; another's is refused", () => {
  const { open, end, round } = locked(["valid", "valid", "valid"]);
  const none = open(end, null);
  expect(none.found).toEqual([]);
  expect(none.rows.map(({ seal }) => seal)).toEqual(["locked", "locked", "locked"]);
  const other = open(end, sign(SECRET, round + 1n));
  expect(other.found).toEqual([`the signature of round ${round} that was given is not the beacon's`]);
  expect(other.rows.map(({ seal }) => seal)).toEqual(["locked", "locked", "locked"]);
});

test("a seal that hides another stance than was told is found", () => {
  const { open, end, book } = locked(["valid", "valid", "valid"]);
  const first = need(book.opinions.get(FIRST), "his opinion");
  first.band = 3;
  expect(open(end).found).toEqual([
    expect.stringMatching(/^stance that 0x\w+ sealed, .*: it is 50, the log says 15$/),
  ]);
});

/** The input of a transaction that stakes for the owner of a hidden stance, by his signature. */
function relayed({ owner, commitment, sealed_ }: OpinionLogOf<"Hidden">["args"], sealed: Hex = sealed_): Hex {
  const { terms, id } = hiddenStory();
  const nothing = `0x${"00".repeat(32)}` as const;
  const intent = {
    market: id,
    band: HIDDEN_BAND,
    amount: 1_000_000,
    opinion: textHash("secret"),
    commitment,
    owner,
    nonce: 0n,
    deadline: terms.closesAt,
  };
  return encodeFunctionData({
    abi: opinionsAbi,
    functionName: "stakeBySig",
    args: [
      opinionTermsHash(terms),
      doorOf(terms),
      intent,
      sealed,
      "0x01",
      { value: 0n, deadline: 0n, v: 0, r: nothing, s: nothing },
    ],
  });
}

test("what the log locks is held against what was sent, by the owner or for him", () => {
  const story = hiddenStory();
  const found = (input: (args: OpinionLogOf<"Hidden">["args"]) => Hex) => {
    const steps = story.steps.map((step) =>
      isLog(step) && step.event === "Hidden" ? { ...step, input: input(step.args) } : step,
    );
    return replayed(steps).oracle.findings.map(({ what }) => what);
  };
  expect(found((args) => relayed(args))).toEqual([]);
  const other = found((args) => relayed(args, "0x1235"));
  expect(other).toHaveLength(3);
  expect(other[0]).toBe(`what ${FIRST} sent hides another stance, or locks it otherwise, than the log says`);
  expect(found(() => "0x")).toHaveLength(3);
});
