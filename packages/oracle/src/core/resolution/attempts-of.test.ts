import { describe, expect, test } from "vitest";
import type { Hex } from "@sooth/kernel";
import type { AbstentionSeen, DisputeSeen, ReportSeen, Story } from "./attempt.ts";
import { attemptsOf } from "./attempts-of.ts";

const OPENS = 10_000;
const DEADLINE = 11_000;
const hash = (n: number): Hex => `0x${String(n).padStart(64, "0")}`;
const signer = (seat: number): Hex => `0x${String(seat + 1).repeat(40)}`;
const set = (epoch: number, seats: readonly number[], at: number) => ({
  epoch,
  totalWeight: 100n * BigInt(seats.length),
  seats: seats.map((seat) => ({ signer: signer(seat), weight: 100n })),
  at,
  transaction: hash(epoch),
});
const report = (seat: number, over: Partial<ReportSeen> = {}): ReportSeen => ({
  round: 0,
  epoch: 1,
  seat,
  signer: signer(seat),
  weight: 100n,
  receivedAt: OPENS + 10 + seat,
  secondary: null,
  ...over,
});
const silent = (seat: number, reason: string): AbstentionSeen => ({
  round: 0,
  signer: signer(seat),
  reason,
  at: OPENS + 20 + seat,
  signature: hash(900 + seat),
});
const story = (over: Partial<Story> = {}): Story => ({
  schema: { sources: [{ type: "feed" } as never] },
  terms: { opensAt: OPENS, deadline: DEADLINE, domain: 0, aggregation: "plurality", endsEarly: false },
  status: "open",
  now: OPENS + 100,
  rounds: [{ round: 0, from: OPENS, until: null, reopenedIn: null }],
  epochs: [set(1, [0, 1, 2, 3], 5_000)],
  reports: [],
  commits: null,
  abstentions: [],
  answer: null,
  transmission: null,
  disputes: [],
  records: [],
  ...over,
});
const told = (over: Partial<Story> = {}) =>
  attemptsOf(story(over)).map(({ kind, state, reason }) => `${kind} ${state}: ${reason}`);

const unable = (over: Partial<Story>) =>
  told({ abstentions: [silent(2, "k is down")], ...over }).find((each) => each.includes("could not tell"));

describe("while a question is open", () => {
  test("nothing is due before it opens", () => {
    expect(told({ now: OPENS - 1 })).toEqual([]);
  });

  test("what may end early is told from its first report on, and what is wanted before it opens", () => {
    const terms = { ...story().terms, endsEarly: true };
    const early = [report(0, { receivedAt: OPENS - 500 }), report(1, { receivedAt: OPENS - 400 })];
    expect(told({ terms, now: OPENS - 300, reports: early })).toEqual([
      "assign done: 4 seats of epoch 1 may report",
      "observe waiting: 2 of 4 seats read a value, 2 said nothing",
      "report waiting: 2 of 4 seats, 50.0% of the weight say that it ended early; 90.0% is wanted before it opens, more than 66.6% from then on",
    ]);
    expect(told({ terms, now: OPENS + 1, reports: early })).toContain(
      "report waiting: 2 of 4 seats, 50.0% of the weight; more than 66.6% is wanted",
    );
    const all = [0, 1, 2, 3].map((seat) => report(seat, { receivedAt: OPENS - 400 }));
    const answer = { round: 0, epoch: 1, at: OPENS - 390, transaction: hash(7), isInvalid: false };
    const lines = attemptsOf(story({ terms, now: OPENS - 300, status: "answered", reports: all, answer }));
    expect(lines.map(({ kind, state, at: when }) => `${kind} ${state} ${when - OPENS}`)).toEqual([
      "assign done -400",
      "observe done -400",
      "report done -390",
    ]);
    expect(lines.at(-1)?.reason).toContain("it ended early, and the contract accepted nine tenths");
  });

  test("who may report, who did, who could not, and what weight that is", () => {
    expect(told({ reports: [report(0), report(1)], abstentions: [silent(2, "k is down")] })).toEqual([
      "assign done: 4 seats of epoch 1 may report",
      "report waiting: 2 of 4 seats, 50.0% of the weight; more than 66.6% is wanted",
      "observe waiting: seat 2, 0x3333…3333, could not tell yet: k is down",
      "observe waiting: 2 of 4 seats read a value, 1 could not, 1 said nothing",
    ]);
  });

  test("who could not tell has failed only once nobody reports any more, and not where it told after all", () => {
    expect(unable({ now: DEADLINE + 1, status: "invalid" })).toBe(
      "observe failed: seat 2, 0x3333…3333, could not tell: k is down",
    );
    expect(unable({ reports: [report(2)] })).toBe(
      "observe done: seat 2, 0x3333…3333, could not tell at first: k is down",
    );
  });

  test("a quorum that was handed on, that the contract refused, and that stands behind no one answer", () => {
    const reports = [report(0), report(1), report(2)];
    const sent = { round: 0, epoch: 1, status: "sent", error: null };
    const line = (over: Partial<Story>) =>
      told({ reports, ...over }).find((each) => each.startsWith("report"));
    expect(line({ transmission: sent })).toBe(
      "report waiting: 3 of 4 seats, 75.0% of the weight; the answer is on its way to the contract",
    );
    expect(line({ transmission: { ...sent, status: "failed", error: "Oracle_Paused" } })).toBe(
      "report failed: 3 of 4 seats, 75.0% of the weight; the contract refused the answer: Oracle_Paused",
    );
    // Reports of another epoch's transaction say nothing of this one.
    expect(line({ transmission: { ...sent, epoch: 9 } })).toContain(
      "no answer has more than 66.6% behind it yet",
    );
  });

  test("nobody serves the domain", () => {
    expect(told({ epochs: [] })).toContain("assign failed: nobody serves domain 0: no provider may report");
  });
});

describe("more providers", () => {
  const widened = [set(1, [0, 1, 2, 3], 5_000), set(2, [0, 1, 4, 5, 6], OPENS + 600)];
  test("an epoch that began past half of the time, without a quorum in sight, is an extension", () => {
    expect(told({ now: OPENS + 700, epochs: widened, reports: [report(0), report(1)] })).toEqual([
      "assign done: 4 seats of epoch 1 may report",
      "observe waiting: 2 of 5 seats read a value, 3 said nothing",
      "report failed: 2 of 4 seats, 50.0% of the weight in epoch 1; then another epoch began, and what was signed before counts no more",
      "assign done: 5 seats of epoch 2 may report",
      "report waiting: 0 of 5 seats, 0.0% of the weight; more than 66.6% is wanted",
      "extend done: epoch 2 seats 5 providers, 3 of them new",
    ]);
  });
  test("one that would have begun anyway is none", () => {
    const kinds = (over: Partial<Story>) =>
      told({ now: OPENS + 700, ...over }).filter((each) => each.startsWith("extend"));
    expect(kinds({ epochs: widened, reports: [report(0), report(1), report(2)] })).toEqual([]);
    expect(kinds({ epochs: [widened[0] as never, set(2, [0, 4], OPENS + 400)] })).toEqual([]);
  });
  test("what waited is over when the epoch began, when another decision followed, or when the question ended", () => {
    const asked = {
      round: 0,
      kind: "extend",
      state: "waiting",
      reason: "asked for",
      at: OPENS + 500,
      block: 50,
    } as const;
    const states = (over: Partial<Story>) =>
      attemptsOf(story({ now: OPENS + 700, records: [asked], ...over })).flatMap(({ kind, state, restsOn }) =>
        kind === "extend" && restsOn.what === "block" ? [state] : [],
      );
    expect(states({})).toEqual(["waiting"]);
    expect(states({ epochs: widened })).toEqual(["done"]);
    expect(states({ records: [asked, { ...asked, state: "failed", block: 51 }] })).toEqual([
      "done",
      "failed",
    ]);
    expect(states({ now: DEADLINE + 1, status: "invalid" })).toEqual(["failed"]);
  });
  test("what this server decided is told by the block that it looked at", () => {
    const record = {
      round: 0,
      kind: "extend",
      state: "failed",
      reason: "nobody new",
      at: OPENS + 500,
      block: 77,
    } as const;
    expect(attemptsOf(story({ now: OPENS + 600, records: [record] })).at(-1)).toEqual({
      round: 0,
      kind: "extend",
      state: "failed",
      reason: "nobody new",
      at: OPENS + 500,
      restsOn: { what: "block", ref: "77" },
    });
  });
});

describe("secondary sources", () => {
  const named = { sources: [{ type: "feed" } as never], secondary: [{ name: "the feed" } as never] };
  const late = DEADLINE - 250;
  const line = (over: Partial<Story>) =>
    told({ now: late, ...over }).filter((each) => each.startsWith("secondary"));
  test("none are spoken of before it is late, or when an answer came before", () => {
    expect(line({ now: late - 1 })).toEqual([]);
    const answer = { round: 0, epoch: 1, at: late - 5, transaction: hash(7), isInvalid: false };
    expect(line({ answer, status: "answered" })).toEqual([]);
  });
  test("a question without them says so", () => {
    expect(line({})).toEqual(["secondary failed: the question names no secondary sources"]);
  });
  test("which reports rest on them is told once it is no longer sealed", () => {
    expect(line({ schema: named })).toEqual([
      "secondary waiting: it is late: whoever cannot read the sources reads the feed",
    ]);
    const answer = { round: 0, epoch: 1, at: late + 5, transaction: hash(7), isInvalid: false };
    const reports = [
      report(0, { secondary: true }),
      report(1, { secondary: true }),
      report(2, { secondary: false }),
    ];
    expect(line({ schema: named, answer, status: "answered", reports })).toEqual([
      "secondary done: 2 of 3 reports rest on the feed",
    ]);
    expect(line({ schema: named, status: "invalid", now: DEADLINE + 1 })).toEqual([
      "secondary failed: no report rests on the feed",
    ]);
  });
});

describe("the end", () => {
  test("an answer", () => {
    const answer = { round: 0, epoch: 1, at: OPENS + 50, transaction: hash(7), isInvalid: false };
    const attempts = attemptsOf(
      story({ answer, status: "final", reports: [report(0), report(1), report(2)] }),
    );
    expect(attempts.at(-1)).toMatchObject({
      kind: "report",
      state: "done",
      reason: "3 of 4 seats, 75.0% of the weight: the contract accepted a quorum",
      at: OPENS + 50,
      restsOn: { what: "transaction", ref: hash(7) },
    });
    expect(attempts.filter(({ state }) => state !== "done")).toEqual([]);
  });

  test("an answer ends its round: epochs that begin later have no part in it", () => {
    const answer = { round: 0, epoch: 1, at: OPENS + 50, transaction: hash(7), isInvalid: false };
    const over = {
      answer,
      status: "final",
      now: OPENS + 900,
      reports: [report(0), report(1), report(2)],
    } as const;
    const epochs = [set(1, [0, 1, 2, 3], 5_000), set(2, [0, 1, 4, 5, 6], OPENS + 600)];
    expect(told({ ...over, epochs })).toEqual(told(over));
    expect(told({ ...over, epochs }).at(-1)).toBe(
      "report done: 3 of 4 seats, 75.0% of the weight: the contract accepted a quorum",
    );
    // Of an answer that was replaced only a time after it is known.
    const late = { ...answer, at: OPENS + 700, transaction: null };
    expect(told({ ...over, epochs, answer: late }).at(-1)).toBe(told(over).at(-1));
  });

  test("none: what failed stands in the reason", () => {
    const record = {
      round: 0,
      kind: "extend",
      state: "failed",
      reason: "nobody new",
      at: OPENS + 500,
      block: 77,
    } as const;
    const last = attemptsOf(
      story({
        status: "invalid",
        now: DEADLINE + 50,
        reports: [report(0)],
        abstentions: [silent(1, "k is down")],
        records: [record],
      }),
    ).at(-1);
    expect(last).toMatchObject({ kind: "invalid", state: "done", at: DEADLINE + 1 });
    expect(last?.reason).toBe(
      "no answer by the deadline, so everybody is refunded. Reading: 1 of 4 seats read a value, 1 could not, 2 said nothing. Reports: 1 of 4 seats, 25.0% of the weight by the deadline; more than 66.6% was wanted. More providers: nobody new. Secondary sources: the question names no secondary sources.",
    );
  });

  test("a round that was too early is done, and the next begins", () => {
    const rounds = [
      { round: 0, from: OPENS, until: OPENS + 40, reopenedIn: hash(8) },
      { round: 1, from: OPENS + 60, until: null, reopenedIn: null },
    ];
    const attempts = attemptsOf(story({ rounds, reports: [report(0), report(1), report(2)] }));
    expect(attempts.find(({ round, kind }) => round === 0 && kind === "report")).toMatchObject({
      state: "done",
      reason: "3 of 4 seats, 75.0% of the weight: it was too early, and the question opened again",
      restsOn: { what: "transaction", ref: hash(8) },
    });
    expect(attempts.filter(({ round }) => round === 1).map(({ kind }) => kind)).toEqual([
      "assign",
      "observe",
      "report",
    ]);
  });
});

describe("a dispute", () => {
  const answer = { round: 0, epoch: 1, at: OPENS + 50, transaction: hash(7), isInvalid: false };
  const dispute = (over: Partial<DisputeSeen> = {}): DisputeSeen => ({
    at: OPENS + 60,
    transaction: hash(20),
    stage: "disputed",
    isJuryOnly: false,
    isSilence: false,
    claim: "No",
    round: 0,
    outcome: null,
    ended: null,
    steps: [],
    ...over,
  });
  const step = (kind: DisputeSeen["steps"][number]["kind"], at: number, over: object = {}) => ({
    kind,
    at,
    transaction: hash(at),
    tier: null,
    choice: null,
    value: null,
    ...over,
  });
  const lines = (over: Partial<DisputeSeen>) =>
    told({
      answer,
      status: "disputed",
      disputes: [dispute(over)],
      reports: [report(0), report(1), report(2)],
    }).slice(3);
  test("of silence follows this server's own objection, and ends what the round was", () => {
    const record = {
      round: 0,
      kind: "jury",
      state: "waiting",
      reason: "2 reports",
      at: OPENS + 900,
      block: 90,
    } as const;
    const silence = dispute({ isSilence: true, at: OPENS + 905, claim: "Yes" });
    const over = {
      status: "disputed",
      now: OPENS + 950,
      reports: [report(0), report(1)],
      disputes: [silence],
    } as const;
    expect(told({ ...over, records: [record] }).slice(2)).toEqual([
      "secondary failed: the question names no secondary sources",
      "jury done: 2 reports",
      "report failed: 2 of 4 seats, 50.0% of the weight when somebody objected to the silence; more than 66.6% was wanted",
      "rereport waiting: somebody objected to the silence and says Yes: providers read again",
    ]);
    const upheld = {
      ...silence,
      outcome: "uphold",
      ended: { at: OPENS + 990, transaction: hash(99) },
    } as const;
    expect(told({ ...over, status: "invalid", now: OPENS + 995, disputes: [upheld] }).at(-1)).toBe(
      "invalid done: it was decided in a dispute that there is no answer: everybody is refunded",
    );
  });
  test("is reported anew first, and then goes from jury to jury", () => {
    expect(lines({})).toEqual(["rereport waiting: somebody objected and says No: providers read again"]);
    expect(
      lines({
        stage: "done",
        outcome: "replace",
        ended: { at: OPENS + 990, transaction: hash(99) },
        steps: [
          step("convened", OPENS + 200, { tier: 0 }),
          step("verdict", OPENS + 300, { choice: 0 }),
          step("convened", OPENS + 400, { tier: 1 }),
          step("verdict", OPENS + 500, { choice: 2 }),
        ],
      }),
    ).toEqual([
      "rereport failed: no quorum reported anew in the time for it",
      "jury failed: the jury of 9 found: no choice has its supermajority",
      "jury done: the jury of 31 found: the claim is right",
      "jury done: the dispute ended: another answer took its place",
    ]);
  });
});

test("a root that nobody signed is no jury's: the attempts say why, and the end repeats it", () => {
  const many = {
    schema: { sources: [{ type: "feed" } as never], items: { kind: "numeric", count: 1_000 } },
    terms: { opensAt: OPENS, deadline: DEADLINE, domain: 0, aggregation: "root" as const, endsEarly: false },
  };
  const why = "a jury reads one value, not the 1000 answers that stand under one root";
  const late = (now: number, status: Story["status"]) => told({ ...many, now, status });
  expect(late(OPENS + 749, "open").join()).not.toContain(why);
  expect(late(OPENS + 750, "open")).toContainEqual(expect.stringContaining(`jury failed: ${why}`));
  expect(late(DEADLINE + 1, "invalid").at(-1)).toMatch(/^invalid done: .*Jury: a jury reads one value/);
  expect(told({ now: OPENS + 900 }).join()).not.toContain(why);
});
