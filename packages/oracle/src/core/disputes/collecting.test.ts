import { need, type Hex } from "@sooth/kernel";
import { describe, expect, test } from "vitest";
import {
  batchHash,
  type Jury,
  type JuryBallot,
  juryId,
  packOpenings,
  seatVotes,
  unpackOpenings,
  voteCommitment,
} from "../jury/index.ts";
import { type Collection, collectorSteps } from "./collecting.ts";

const jury: Jury = {
  arbitrable: `0x${"aa".repeat(20)}`,
  subject: `0x${"55".repeat(32)}`,
  size: 3,
  jurorEpoch: 1,
  excluded: 0n,
  fee: 30n,
  openedAt: 1_000,
  beaconRound: 7n,
};
const id = juryId(jury);
const windows = { evidence: 100, commit: 60, reveal: 30 };
const [COMMIT, REVEAL, END] = [1_100, 1_160, 1_190];
const ballots: JuryBallot[] = [4, 5, 6].map((juror) => ({
  juror,
  choice: 2,
  salt: `0x${`0${juror}`.repeat(16)}`,
}));
const signature: Hex = `0x${"11".repeat(31)}01${"22".repeat(31)}021b`;
const commitments = ballots.map((ballot) => ({
  juror: ballot.juror,
  commitment: voteCommitment(id, ballot),
  signature,
}));
const order = commitments.map(({ commitment }) => commitment);
const batch = batchHash(order);
const known = (over: Partial<Collection> = {}): Collection => ({
  jury,
  windows,
  seats: [4, 5, 6],
  votes: seatVotes(0n, 3),
  isClosed: false,
  commitments: [],
  batches: [],
  openings: [],
  ...over,
});
const posted = { batches: [{ batch, commitments: order, posted: true }], commitments };

describe("committing", () => {
  test("forms a batch when all who were drawn have committed, before that only late", () => {
    expect(collectorSteps(known({ commitments: commitments.slice(1) }), COMMIT)).toEqual([]);
    expect(collectorSteps(known({ commitments }), COMMIT)).toEqual([
      { do: "form", batch, commitments: order },
    ]);
    const two = collectorSteps(known({ commitments: commitments.slice(1) }), REVEAL - 20);
    expect(two).toMatchObject([{ do: "form", commitments: order.slice(1) }]);
    expect(collectorSteps(known({ commitments, seats: null }), COMMIT)).toEqual([]);
  });

  test("posts what it formed until the chain has it, and who comes later is a batch of his own", () => {
    const first = { batch: batchHash(order.slice(1)), commitments: order.slice(1), posted: false };
    expect(collectorSteps(known({ commitments: commitments.slice(1), batches: [first] }), COMMIT)).toEqual([
      { do: "post", batch: first.batch },
    ]);
    expect(collectorSteps(known({ commitments, batches: [{ ...first, posted: true }] }), COMMIT)).toEqual([
      { do: "form", batch: batchHash(order.slice(0, 1)), commitments: order.slice(0, 1) },
    ]);
  });

  test("posts nothing once the window is over", () => {
    const late = { batch, commitments: order, posted: false };
    expect(collectorSteps(known({ commitments, batches: [late] }), REVEAL)).toEqual([]);
  });
});

describe("revealing", () => {
  test("opens a batch when it can be opened whole, or late", () => {
    const some = { ...posted, openings: ballots.slice(0, 2) };
    expect(collectorSteps(known(some), REVEAL)).toEqual([]);
    const step = need(collectorSteps(known(some), END - 10)[0], "a reveal");
    if (step.do !== "reveal") throw new Error(step.do);
    expect(unpackOpenings(step.openings)?.map((opening) => "juror" in opening)).toEqual([true, true, false]);
    expect(collectorSteps(known({ ...posted, openings: ballots }), REVEAL)).toEqual([
      { do: "reveal", batch, openings: packOpenings(ballots.map((ballot) => ({ ...ballot, signature }))) },
    ]);
  });

  test("opens nothing that the chain has, that nobody posted, or that opens no commitment", () => {
    const voted = seatVotes(0b001010n, 3);
    expect(
      collectorSteps(known({ ...posted, openings: ballots.slice(0, 2), votes: voted }), END - 1),
    ).toEqual([]);
    const unposted = { ...posted, batches: [{ batch, commitments: order, posted: false }] };
    expect(collectorSteps(known({ ...unposted, openings: ballots }), END - 1)).toEqual([]);
    const wrong = ballots.map((ballot): JuryBallot => ({ ...ballot, choice: 1 }));
    expect(collectorSteps(known({ ...posted, openings: wrong }), END - 1)).toEqual([]);
  });
});

test("closes when all have voted or time is over; without a seed later, and once", () => {
  const all = seatVotes(0b101010n, 3);
  expect(collectorSteps(known({ votes: all }), REVEAL + 1)).toEqual([{ do: "close" }]);
  expect(collectorSteps(known(), END - 1)).toEqual([]);
  expect(collectorSteps(known(), END)).toEqual([{ do: "close" }]);
  expect(collectorSteps(known({ seats: null }), END + 29)).toEqual([]);
  expect(collectorSteps(known({ seats: null }), END + 30)).toEqual([{ do: "close" }]);
  expect(collectorSteps(known({ isClosed: true }), END + 30)).toEqual([]);
});
