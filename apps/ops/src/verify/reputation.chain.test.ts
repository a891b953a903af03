import { localParams } from "@sooth/chain";
import { type Hex, need } from "@sooth/kernel";
import {
  type EvidenceBody,
  evidenceHash,
  type LogFile,
  logFileText,
  parseLogFile,
  type RawLog,
} from "@sooth/oracle/core";
import { concatHex, keccak256, slice } from "viem";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type CourtStage, openCourtStage } from "../../test/court-stage.ts";
import { period, topTier } from "../../test/reputation-stories.ts";
import { isEvent, rewritten } from "../../test/rewritten.ts";
import { logsOfNode } from "./log-source.ts";
import { verifyQuestion } from "./verify-question.ts";

let stage: CourtStage;
let file: LogFile;
const questions: Record<string, Hex> = {};
let evidence: EvidenceBody[];

beforeAll(async () => {
  // Newcomers' factor is a tenth after the period, and three times what the top tier secures must sign.
  stage = await openCourtStage({ stake: 6_000_000n * 1_000_000n });
  const { root, after } = await period(stage);
  [questions["root"], questions["after"]] = [root, after];
  const committed = await topTier(stage);
  questions["topTier"] = committed.question;
  evidence = committed.evidence;
  file = await logsOfNode(stage.rpcUrl, undefined);
}, 180_000);
afterAll(() => stage.stop());

const verify = (name: string, logs: LogFile = file) =>
  verifyQuestion(logs, need(questions[name], name), { deployment: undefined, evidence: null });
const found = async (name: string, logs: RawLog[]) =>
  (await verify(name, { ...file, logs })).findings.map(({ what }) => what);
const said = async (name: string) => (await verify(name)).lines.map(({ what }) => what);
const given = async (bodies: EvidenceBody[]) => {
  const id = need(questions["topTier"], "a question");
  const { lines, findings } = await verifyQuestion(file, id, { deployment: undefined, evidence: bodies });
  return { said: lines.map(({ what }) => what), found: findings.map(({ what }) => what) };
};
const logOf = (event: string, place = 0): RawLog =>
  need(file.logs.filter((log) => isEvent(log, event))[place], event);
const answerOf = (name: string): RawLog =>
  need(
    file.logs.find((log) => isEvent(log, "Answered") && log.topics[1] === questions[name]),
    "an answer",
  );
const without = (...logs: RawLog[]) => file.logs.filter((log) => !logs.includes(log));
const changed = (log: RawLog, change: (args: never) => Record<string, unknown>) =>
  file.logs.map((each) => (each === log ? rewritten(each, change) : each));

test.each(["root", "after", "topTier"])("%s: nothing differs, online and from a file", async (name) => {
  const online = await verify(name);
  expect(online.findings).toEqual([]);
  expect(await verify(name, parseLogFile(logFileText(file)))).toEqual(online);
});

/* REPUTATION */

const owner = (index: number) => need(stage.owners[index], "an owner").address.toLowerCase();

describe("a period's root", () => {
  test("is what the logs give: who errs, who misses, who was left out", async () => {
    const lines = await said("root");
    expect(lines).toContainEqual(
      expect.stringMatching(/^period \d+ of domain 0: 10 records out of 2 questions$/),
    );
    expect(lines).toContainEqual(expect.stringMatching(/^root of period \d+: 0x[0-9a-f]{64}$/));
    const of = (index: number) => lines.find((line) => line.startsWith(`${owner(index)}: score`));
    expect(of(8)).toContain("2 misses in a row");
    // Left out of the first answer, he had signed; the second he missed.
    expect(of(7)).toContain("1 misses in a row");
    expect(of(0)).toContain("0 misses in a row");
  });

  test("differs when a report that counts is changed, or was never noted", async () => {
    const late = file.logs.filter((log) => isEvent(log, "LateReported"));
    expect(late).toHaveLength(2);
    expect(await found("root", without(need(late[0], "a note")))).toContainEqual(
      expect.stringMatching(/^root of period \d+: it is 0x/),
    );
    // What nobody signed changes nothing.
    expect(await found("root", without(need(late[1], "garbage")))).toEqual([]);
    expect(await found("root", without(logOf("Answered")))).toContainEqual(
      expect.stringMatching(/^root of period \d+: it is 0x/),
    );
  });

  test.each<[string, (args: never) => Record<string, unknown>, RegExp]>([
    [
      "EpochAsked",
      (args: { until: number }) => ({ ...args, until: args.until + 1 }),
      /^end of the period: it is/,
    ],
    [
      "EpochAsked",
      (args: { number: number }) => ({ ...args, number: args.number + 1 }),
      /^number of the period/,
    ],
    ["EpochAsked", (args: object) => ({ ...args, domain: 3 }), /^domain of the period/],
    [
      "AnsweredRoot",
      (args: { answer: object }) => ({ ...args, answer: { ...args.answer, root: `0x${"ab".repeat(32)}` } }),
      /^root of period \d+: it is 0x/,
    ],
  ])("differs when %s is changed", async (event, change, finding) => {
    expect(await found("root", changed(logOf(event), change))).toContainEqual(expect.stringMatching(finding));
  });
});

const standing = (over: object) => (args: { standing: object }) => ({
  ...args,
  standing: { ...args.standing, ...over },
});

describe("an answer by signers whose weight rests on a period", () => {
  test("tells what the period says of each of them", async () => {
    const lines = await said("after");
    expect(
      lines.filter((line) => /^period \d+ of 0x[0-9a-f]{40}: factor \d+, score/.test(line)),
    ).toHaveLength(10);
  });

  test.each<[string, object, RegExp]>([
    ["factor", { factorBps: 9_999 }, /^period \d+ of 0x[0-9a-f]{40}: it is factor/],
    [
      "cluster",
      { cluster: 7 },
      /^period \d+ of 0x[0-9a-f]{40}: it is factor.*cluster 0, the log says.*cluster 7/,
    ],
    ["period", { epoch: 1 }, /is judged by period 1, for whose root nobody asked$/],
  ])("differs when the %s is another", async (_, over, finding) => {
    const logs = changed(logOf("StandingSet"), standing(over) as never);
    expect(await found("after", logs)).toContainEqual(expect.stringMatching(finding));
  });

  test("differs without the question for the root, without its answer, and when it was not final yet", async () => {
    expect(await found("after", without(logOf("EpochAsked")))).toContainEqual(
      expect.stringMatching(/for whose root nobody asked$/),
    );
    expect(await found("after", without(logOf("AnsweredRoot")))).toContainEqual(
      expect.stringMatching(/which had no final root$/),
    );
    const { transaction } = logOf("StandingSet");
    const sooner = file.logs.map((log) =>
      log.transaction === transaction ? { ...log, at: log.at - 40 } : log,
    );
    expect(await found("after", sooner)).toContainEqual(expect.stringMatching(/which had no final root$/));
  });

  test("differs when the standings are missing: all would count in full", async () => {
    const standings = file.logs.filter((log) => isEvent(log, "StandingSet"));
    expect(await found("after", without(...standings))).toContainEqual(
      expect.stringMatching(/^weight of seat \d \(0x[0-9a-f]{40}, stake \d+, factor 10000\)/),
    );
    // Who has no record counts the least, and more than that nobody has after two questions.
    expect(await found("after", without(need(standings[0], "a standing")))).toEqual([]);
  });
});

/* THE TOP TIER */

describe("a question of the top tier", () => {
  test("tells what was committed, and that each value was", async () => {
    const lines = await said("topTier");
    expect(lines).toContainEqual(
      expect.stringMatching(/^8 commitments were on chain before the time to reveal/),
    );
    expect(lines.filter((line) => /^seat \d had committed to 20000\d$/.test(line))).toHaveLength(7);
  });

  test.each<[string, (args: never) => Record<string, unknown>, RegExp]>([
    ["chained", (args: object) => ({ ...args, chained: `0x${"cd".repeat(32)}` }), /^no log commits to batch/],
    [
      "phase",
      (args: { phase: bigint }) => ({ ...args, phase: args.phase - 1n }),
      /^phase of the commitments/,
    ],
    ["round", (args: object) => ({ ...args, round: 1 }), /^round that is committed to/],
    ["epoch", (args: object) => ({ ...args, epoch: 9 }), /^epoch that co-signed/],
    [
      "signature",
      ({ signatures, ...args }: { signatures: Hex }) => ({
        ...args,
        signatures: concatHex([`0x${"17".repeat(32)}`, slice(signatures, 32)]),
      }),
      /^the signature of seat \d+ under the batch is not its signer's/,
    ],
    [
      "number of signers",
      ({ seats, signatures, ...args }: { seats: bigint; signatures: Hex }) => ({
        ...args,
        seats: seats & (seats - 1n),
        signatures: slice(signatures, 64),
      }),
      /co-signed batch 0x[0-9a-f]{64}, which is no quorum$/,
    ],
    ["list of signers", (args: object) => ({ ...args, seats: 1n }), /^the batch carries no signatures/],
  ])("differs when the %s of the commitments is another", async (_, change, finding) => {
    expect(await found("topTier", changed(logOf("ReportsCommitted"), change))).toContainEqual(
      expect.stringMatching(finding),
    );
  });

  test("its salts bind the evidence: another secret or other evidence does not give them", async () => {
    const { said: told, found: none } = await given(evidence);
    expect(none).toEqual([]);
    const bound = /^seat \d+ had committed to this evidence, and to the clarifications/;
    expect(told.filter((line) => bound.test(line))).toHaveLength(7);
    const [first, ...others] = evidence;
    const { name, text, secret } = need(first, "a body");
    const wrong = expect.stringMatching(/^the secret and the evidence of seat \d+ do not give the salt/);
    expect((await given([{ name, text, secret: keccak256("0x01") }, ...others])).found).toEqual([wrong]);
    const other = text.replace("read it", "made it up");
    const bent = { name: evidenceHash(other), text: other, ...(secret && { secret }) };
    expect((await given([bent, ...others])).found).toEqual([wrong]);
    expect((await given([{ name, text }])).said).toContainEqual(
      expect.stringMatching(/^no secret of seat \d+ was given/),
    );
  });

  test("differs without the commitments, or when they came in the time to reveal", async () => {
    const log = logOf("ReportsCommitted");
    expect(await found("topTier", without(log))).toContainEqual(
      expect.stringMatching(/^no log commits to batch/),
    );
    const later = file.logs.map((each) =>
      each === log ? { ...each, at: each.at + localParams.reportCommitSeconds - 1 } : each,
    );
    expect(await found("topTier", later)).toContainEqual(expect.stringMatching(/which is a time to reveal$/));
  });

  test("differs when a phase has two batches", async () => {
    const log = logOf("ReportsCommitted");
    const other = rewritten(log, (args: object) => ({ ...args, chained: `0x${"cd".repeat(32)}` }));
    const second = { ...other, logIndex: log.logIndex + 1 };
    const both = file.logs.flatMap((each) => (each === log ? [each, second] : [each]));
    expect(await found("topTier", both)).toContainEqual(
      expect.stringMatching(/^phase \d+ has two batches: seats/),
    );
  });

  test("differs when it was revealed in the time to commit, or in a later phase", async () => {
    const log = answerOf("topTier");
    const at = (seconds: number) =>
      file.logs.map((each) => (each === log ? { ...each, at: each.at + seconds } : each));
    expect(await found("topTier", at(-10))).toContainEqual(
      expect.stringMatching(/which is a time to commit$/),
    );
    expect(await found("topTier", at(-5))).toContain("7 of 8 were opened in the first half of the time");
    expect(await found("topTier", at(600))).toContainEqual(expect.stringMatching(/^no log commits to batch/));
  });

  test("differs when the transaction is not there, opens another value, or commits to another", async () => {
    const log = answerOf("topTier");
    const { input, ...bare } = log;
    const its = need(input, "an input");
    const put = (each: RawLog) => file.logs.map((one) => (one === log ? each : one));
    expect(await found("topTier", put(bare))).toContain(
      "nothing with the logs opens commitments to these values",
    );
    const flip = (place: number) =>
      put({
        ...log,
        input: `${its.slice(0, place)}${its[place] === "2" ? "3" : "2"}${its.slice(place + 1)}` as Hex,
      });
    // Seven openings of 33 bytes fill eight words but for 25 bytes: before those stands the last salt's last digit.
    expect(await found("topTier", flip(its.length - 2 * 25 - 1))).toContainEqual(
      expect.stringMatching(/^seat \d had not committed to 20000\d$/),
    );
    const commitment = its.indexOf(keccak256("0x00").slice(2));
    expect(await found("topTier", flip(commitment))).toContainEqual(
      expect.stringMatching(/^no log commits to batch/),
    );
  });

  test("the file keeps that one input, and none of other answers", () => {
    const inputs = file.logs.filter((log) => isEvent(log, "Answered") && log.input !== undefined);
    expect(inputs).toEqual([answerOf("topTier")]);
  });
});
