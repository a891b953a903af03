import { readFileSync } from "node:fs";
import { courtAbi } from "@sooth/abi";
import { type Hex, need } from "@sooth/kernel";
import { privateKeyToAccount } from "viem/accounts";
import { numberToHex, recoverTypedDataAddress } from "viem";
import { describe, expect, test } from "vitest";
import {
  type JuryBallot,
  batchHash,
  type JuryChoice,
  voteCommitment,
  CourtError,
  drawSeats,
  eligibleJurors,
  type Jury,
  juryId,
  jurySeed,
  juryPhase,
  juryWindows,
  leastJurors,
  MAX_JURY_SIZE,
  openedCommitment,
  packOpenings,
  seatCap,
  seatsNeeded,
  seatStakes,
  seatVotes,
  splitFee,
  unpackOpenings,
  juryVerdict,
  VOTE_STATEMENT,
  voteBreakEven,
  voteDigest,
  votesWord,
  voteTypedData,
  withVotes,
} from "./index.ts";

type DrawCase = { weights: string[]; excluded: Hex; size: number; seed: Hex; seats: number[] };
type JuryCase = Omit<DrawCase, "excluded" | "size"> & {
  terms: Record<keyof Jury, string | number>;
  jury: Hex;
  beacon: Hex;
  signers: Hex[];
  ballots: {
    juror: number;
    choice: JuryChoice;
    salt: Hex;
    commitment: Hex;
    digest: Hex;
    signature: Hex;
    opens: boolean;
  }[];
  batch: Hex;
  openings: Hex;
  votes: Hex;
  verdict: { choice: number; votesFor: number };
};
const file = JSON.parse(
  readFileSync(new URL("../../../../../vectors/jury.json", import.meta.url), "utf8"),
) as {
  domain: { chainId: number; verifyingContract: Hex };
  draws: DrawCase[];
  juries: JuryCase[];
};
const domain = { chainId: file.domain.chainId, court: file.domain.verifyingContract };
const juryOf = ({ terms }: JuryCase): Jury =>
  Object.fromEntries(
    Object.entries(terms).map(([name, value]) => [
      name,
      ["excluded", "fee", "beaconRound"].includes(name) ? BigInt(value) : value,
    ]),
  ) as Jury;
const windows = { evidence: 86_400, commit: 43_200, reveal: 21_600 };

const snake = (name: string) => name.replace(/(?<=[a-z])(?=[A-Z])/g, "_").toLowerCase();
/** So many votes for 1, 2, 3, and none. */
const counted = (...counts: number[]) =>
  [1, 2, 3, 0].flatMap((choice, index) =>
    Array.from({ length: counts[index] ?? 0 }, () => choice as JuryChoice | 0),
  );

describe("draw", () => {
  test.each(file.draws)("$size seats by $seed", ({ weights, excluded, size, seed, seats }) => {
    expect(drawSeats(weights.map(BigInt), BigInt(excluded), size, seed)).toEqual(seats);
  });

  test("nobody holds more than his cap, the excluded and the weightless nothing", () => {
    for (const { weights, excluded, size, seats } of file.draws)
      for (const [juror, weight] of weights.entries()) {
        const held = seats.filter((seat) => seat === juror).length;
        const out = weight === "0" || ((BigInt(excluded) >> BigInt(juror)) & 1n) === 1n;
        expect(held).toBeLessThanOrEqual(out ? 0 : seatCap(size));
      }
  });

  test("refuses a pool that cannot fill the seats", () => {
    const weights = [1n, 1n, 0n, 1n, 1n, 1n, 1n];
    expect(eligibleJurors(weights, 0b1n)).toBe(5);
    expect(drawSeats(weights, 0b1n, 9, `0x${"11".repeat(32)}`)).toHaveLength(9);
    expect(() => drawSeats(weights, 0b11n, 9, `0x${"11".repeat(32)}`)).toThrow(
      CourtError.too_few_jurors({ eligible: 4, wanted: 5 }),
    );
  });

  test("that many at their cap fill the seats, one less does not", () => {
    for (let size = 1; size <= MAX_JURY_SIZE; size++) {
      expect(leastJurors(size) * seatCap(size)).toBeGreaterThanOrEqual(size);
      expect((leastJurors(size) - 1) * seatCap(size)).toBeLessThan(size);
    }
  });
});

describe.each(file.juries)("jury $jury", (each) => {
  const jury = juryOf(each);
  const ballots = each.ballots;
  const openings = ballots.map(({ opens, commitment, juror, choice, salt, signature }) =>
    opens ? { juror, choice, salt, signature } : { commitment },
  );

  test("has its id and its seats", () => {
    expect(juryId(jury)).toBe(each.jury);
    expect(jurySeed(each.beacon, each.jury)).toBe(each.seed);
    expect(drawSeats(each.weights.map(BigInt), jury.excluded, jury.size, each.seed)).toEqual(each.seats);
  });

  test("votes are committed to and signed as wallets do", async () => {
    for (const { juror, choice, salt, commitment, digest, signature } of ballots) {
      expect(voteCommitment(each.jury, { juror, choice, salt })).toBe(commitment);
      expect(voteDigest(domain, each.jury, commitment)).toBe(digest);
      const account = privateKeyToAccount(numberToHex(0x10401000 + juror, { size: 32 }));
      expect(await account.signTypedData(voteTypedData(domain, each.jury, commitment))).toBe(signature);
    }
  });

  test("the batch and its openings travel as the contract reads them", () => {
    expect(batchHash(openings.map((opening) => openedCommitment(each.jury, opening)))).toBe(each.batch);
    expect(packOpenings(openings)).toBe(each.openings);
    expect(unpackOpenings(each.openings)).toEqual(openings);
    expect(unpackOpenings(each.openings.slice(0, -2) as Hex)).toBeNull();
    expect(unpackOpenings(`0x04${each.openings.slice(4)}`)).toBeNull();
  });

  test("the verdict follows from the votes", () => {
    const nobody = seatVotes(0n, jury.size);
    const votes = withVotes(
      nobody,
      each.seats,
      ballots.filter(({ opens }) => opens),
    );
    expect(votesWord(votes)).toBe(BigInt(each.votes));
    expect(seatVotes(BigInt(each.votes), jury.size)).toEqual(votes);
    expect(juryVerdict(votes, "over")).toEqual({ ended: true, drawn: jury.size, ...each.verdict });
    // What was revealed first counts.
    const others = ballots.map((ballot): JuryBallot => ({ ...ballot, choice: ballot.choice === 1 ? 2 : 1 }));
    const after = withVotes(votes, each.seats, others);
    expect(after.every((vote, seat) => votes[seat] === 0 || votes[seat] === vote)).toBe(true);
  });
});

describe("verdict", () => {
  test("needs 65 % of all seats, and ends with it", () => {
    expect(juryVerdict(counted(0, 6, 0, 3), "reveal")).toEqual({
      ended: true,
      choice: 2,
      votesFor: 6,
      drawn: 9,
    });
    expect(juryVerdict(counted(5, 0, 0, 4), "reveal")).toEqual({
      ended: false,
      choice: 0,
      votesFor: 5,
      drawn: 9,
    });
    expect(juryVerdict(counted(5, 4, 0, 0), "reveal")).toEqual({
      ended: true,
      choice: 0,
      votesFor: 5,
      drawn: 9,
    });
    expect(juryVerdict(counted(0, 0, 0, 9), "over")).toEqual({
      ended: true,
      choice: 0,
      votesFor: 0,
      drawn: 9,
    });
    expect(juryVerdict(counted(0, 0, 65, 35), "over").choice).toBe(3);
    expect(juryVerdict(counted(0, 0, 65, 36), "over").choice).toBe(0);
  });

  test("a fee is split by all seats, rounded down", () => {
    expect(splitFee(100n, juryVerdict(counted(7, 1, 0, 1), "over"))).toEqual({ perSeat: 11n, returned: 23n });
    expect(splitFee(100n, juryVerdict(counted(5, 4, 0, 0), "over"))).toEqual({ perSeat: 0n, returned: 100n });
  });
});

test("what a juror stands to earn and to lose, and how sure of the verdict he must be", () => {
  const stakes = seatStakes({ fee: 62_500_000n, size: 9 }, 2, 1_000_000_001n);
  expect(stakes).toEqual({
    coherent: 13_888_888n,
    incoherent: 10_000_000n,
    missing: 5_000_000n,
    withheld: 14_950_000n,
    leaked: 100_000_000n,
    position: 500_000_000n,
    equivocal: 1_000_000_001n,
  });
  expect(voteBreakEven(stakes)).toBe(4_187);
  expect(voteBreakEven({ coherent: 0n, incoherent: 0n })).toBeNull();
  expect([9, 31, 101].map(seatsNeeded)).toEqual([6, 21, 66]);
  for (const size of [9, 31, 101]) {
    const counted = (votes: number) =>
      juryVerdict(
        Array.from({ length: size }, (_, i) => (i < votes ? 2 : 0)),
        "over",
      );
    expect(counted(seatsNeeded(size)).choice).toBe(2);
    expect(counted(seatsNeeded(size) - 1).choice).toBe(0);
  }
});

test("windows follow each other, each without its last second", () => {
  const jury = { openedAt: 1_000 };
  expect(juryWindows(jury, windows)).toEqual({ commitAt: 87_400, revealAt: 130_600, endsAt: 152_200 });
  const phases = [1_000, 87_399, 87_400, 130_599, 130_600, 152_199, 152_200].map((clock) =>
    juryPhase(jury, windows, clock),
  );
  expect(phases).toEqual(["evidence", "evidence", "commit", "commit", "reveal", "reveal", "over"]);
});

test("a vote for one court, chain or jury is none for another", async () => {
  const { jury, ballots, signers } = need(file.juries[0], "a jury");
  const { commitment, signature, juror } = need(ballots[0], "a ballot");
  const signerOf = (chainId: number, court: Hex, id: Hex) =>
    recoverTypedDataAddress({ ...voteTypedData({ chainId, court }, id, commitment), signature });
  expect(await signerOf(domain.chainId, domain.court, jury)).toBe(signers[juror]);
  expect(await signerOf(1, domain.court, jury)).not.toBe(signers[juror]);
  expect(await signerOf(domain.chainId, need(signers[0], "an address"), jury)).not.toBe(signers[juror]);
  expect(await signerOf(domain.chainId, domain.court, `0x${"11".repeat(32)}`)).not.toBe(signers[juror]);
  expect(VOTE_STATEMENT).toContain("no position");
});

test("every error of Court.sol has a row, and every row an error", () => {
  const wanted = courtAbi
    .flatMap((item) => (item.type === "error" ? [item.name] : []))
    .filter((name) => name.startsWith("Court_"))
    .map((name) => snake(name.slice("Court_".length)));
  expect(Object.keys(CourtError.rows).toSorted()).toEqual(wanted.toSorted());
});
