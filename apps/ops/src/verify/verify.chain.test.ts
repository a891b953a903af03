import { at, type Hex, need } from "@sooth/kernel";
import { evidenceHash, type LogFile, logFileText, parseLogFile, type RawLog } from "@sooth/oracle/core";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { shape } from "../../test/output-shape.ts";
import { type Body, record, type Recorded } from "../../test/recorded.ts";
import { type Args, isEvent, rewritten } from "../../test/rewritten.ts";
import { runCommand } from "../cli/run.ts";
import { verifyCommand } from "../commands/verify.ts";
import { beaconRounds } from "./beacon-rounds.ts";
import { verifyMarket } from "./verify-market.ts";
import { type Verified, verifyQuestion } from "./verify-question.ts";

let folder: string;
let recorded: Recorded;
let file: LogFile;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "sooth-verify-"));
  recorded = await record({ disputed: false });
  await run(recorded.question, "--rpc", recorded.rpcUrl, "--save-logs", path.join(folder, "logs"));
  file = parseLogFile(readFileSync(path.join(folder, "logs"), "utf8"));
});
afterAll(async () => {
  await recorded.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function run(...argv: string[]): Promise<{ code: number; said: string[] }> {
  const said: string[] = [];
  const line = (text = "") => void said.push(text);
  const terminal = { line, complain: line, result: (value: unknown) => line(JSON.stringify(value)) };
  const code = await runCommand(["verify", "question", ...argv], [verifyCommand], terminal);
  return { code, said };
}

/* TAMPERING */

const targetOf = (name: string, place = 0, logs: readonly RawLog[] = file.logs): RawLog =>
  need(logs.filter((log) => isEvent(log, name))[place], name);

const findings = async (logs: RawLog[], over: Partial<LogFile["header"]> = {}) => {
  const text = logFileText({ header: { ...file.header, ...over }, logs });
  const verified = await verifyQuestion(parseLogFile(text), recorded.question, {
    deployment: undefined,
    evidence: null,
  });
  return verified.findings.map(({ what }) => what);
};
const changed = <A extends Args>(name: string, change: (args: A) => Args, place = 0) => {
  const target = targetOf(name, place);
  return findings(file.logs.map((log) => (log === target ? rewritten(log, change) : log)));
};
const without = (name: string, place = 0) => {
  const gone = targetOf(name, place);
  return findings(file.logs.filter((log) => log !== gone));
};

type Answered = { word: bigint; report: Hex };
/** One digit of the report is another. */
const flipped = (from: number) => (args: Answered & Args) => {
  const digit = args.report[from] === "1" ? "2" : "1";
  return { ...args, report: `${args.report.slice(0, from)}${digit}${args.report.slice(from + 1)}` };
};

const word = (change: (word: bigint) => bigint) =>
  changed<Answered & Args>("Answered", (args) => ({ ...args, word: change(args.word) }));

const bodyOf = ({ hash, text, signature }: Body) => ({ name: hash, text, signature });
const withBodies = async (...evidence: { name: string; text: string; signature?: Hex }[]) => {
  const verified = await verifyQuestion(file, recorded.question, { deployment: undefined, evidence });
  return verified.findings.map(({ what }) => what);
};

/* HONEST */

test("what a node logged holds, offline, and every number is told", async () => {
  const { code, said } = await run(recorded.question, "--logs", path.join(folder, "logs"));
  const text = said.join("\n");
  expect(text).not.toContain("DIFFERS");
  expect(code).toBe(0);
  expect(text).toContain("the known contracts of chain 31337");
  // Stakes of 1050, 1100, 1200 and 1300 dollars, and nobody holds more than a quarter.
  expect(text).toMatch(/weight of seat 3 \(0x[0-9a-f]{40}, stake 1300000000, factor 10000\): 1050000000/);
  expect(text.match(/seat \d signed TOO_EARLY, recovered 0x/g)).toHaveLength(3);
  expect(text.match(/seat \d signed 2\d+, recovered 0x/g)).toHaveLength(3);
  expect(text).toContain("value, weighted median: 210000");
  expect(text).toMatch(/10000007 among 3 signers: 2666668, 2666668, 2666668$/m);
  expect(text).toContain("outcome 1 won, 3 positions, due 19666665");
  expect(text).toMatch(/^VERIFIED: \d+ checks, nothing differs\.$/m);
});

test("docs/verify.md shows what a run prints", async () => {
  const page = readFileSync(path.resolve(import.meta.dirname, "../../../../docs/verify.md"), "utf8");
  const [, shown = ""] = /\n## An example\n[\s\S]*?```text\n([\s\S]*?)\n```/.exec(page) ?? [];
  const { said } = await run(recorded.question, "--logs", path.join(folder, "logs"));
  // When this differs, what stands under "An example" is replaced by what such a run prints now.
  expect(shape(shown)).toEqual(shape(said.join("\n")));
});

const paidMore = (args: { paid: bigint } & Args) => ({ ...args, paid: args.paid + 1n });

test("the pools that rest on it hold by their own name, and what was paid wrong is found", async () => {
  const nothing = {
    deployment: undefined,
    evidence: async () => null,
    contents: null,
    books: null,
    rounds: beaconRounds([], []),
  };
  const honest = await verifyMarket(file, recorded.market, nothing);
  expect(honest.findings).toEqual([]);
  expect(honest).toMatchObject({
    kind: "pools",
    question: recorded.question,
    result: "outcome 1 won",
    answer: { status: "final", value: "210000" },
    money: { staked: "19999998", paid: "19666665", fee: "333333", owed: "0", dust: "0" },
    opinions: null,
  });
  const target = targetOf("Claimed");
  const logs = file.logs.map((log) => (log === target ? rewritten(log, paidMore) : log));
  const { findings: found } = await verifyMarket({ ...file, logs }, recorded.market, nothing);
  expect(found.map(({ what }) => what)).toEqual([
    expect.stringMatching(/^paid to 0x.*: it is \d+, the log says \d+$/),
  ]);
  const closed = file.logs.filter((log) => log !== targetOf("Opened"));
  const unopened = await verifyMarket({ ...file, logs: closed }, recorded.market, nothing);
  expect(unopened).toMatchObject({ question: null, answer: null, result: "nobody opened it" });
  expect(unopened.findings.length).toBeGreaterThan(0);
});

test("as JSON the same", async () => {
  const { code, said } = await run(recorded.question, "--json", "--logs", path.join(folder, "logs"));
  expect(code).toBe(0);
  const verified = JSON.parse(at(said, 0)) as Verified;
  expect(verified).toMatchObject({ status: "final", value: "210000", chainId: 31_337, findings: [] });
});

const NO_QUESTION =
  /^no such question was asked on chain 31337 up to block \d+: 0x(ab){32}\. .*\[ops\.no_question\]$/;

test("without a node it says so, and what to do", async () => {
  const deaf = createServer().listen(0, "127.0.0.1");
  await once(deaf, "listening");
  const { port } = deaf.address() as AddressInfo;
  deaf.close();
  await once(deaf, "close");
  const nobody = await run(recorded.question, "--rpc", `http://127.0.0.1:${port}/secret-key`);
  expect(nobody.code).toBe(4);
  expect(nobody.said).toEqual([
    expect.stringMatching(
      /^no node answers at 127\.0\.0\.1:\d+ \(nothing listens there\): start one .* or read a file with --logs FILE \[ops\.no_node\]$/,
    ),
  ]);
  const nothing = await run(recorded.question, "--data-dir", path.join(folder, "nothing"));
  expect(nothing).toMatchObject({ code: 4, said: [expect.stringMatching(/nothing runs with its data in/)] });
});

test("a log that speaks of it and does not ask it differs", async () => {
  const asked = targetOf("Asked");
  const verified = await verifyQuestion(
    { ...file, logs: file.logs.filter((log) => log !== asked) },
    recorded.question,
    { deployment: undefined, evidence: null },
  );
  expect(verified.findings.map(({ what }) => what)).toContain("no log asks this question");
});

test("a question that nobody asked, and a file that is none", async () => {
  const unknown = await run(`0x${"ab".repeat(32)}`, "--logs", path.join(folder, "logs"));
  expect(unknown).toMatchObject({ code: 3, said: [expect.stringMatching(NO_QUESTION)] });
  // Words like these stand in every log, and are no question's.
  for (const number of [0n, 32n]) {
    const none = await run(`0x${number.toString(16).padStart(64, "0")}`, "--logs", path.join(folder, "logs"));
    expect(none).toMatchObject({ code: 3, said: [expect.stringMatching(/ops\.no_question/)] });
  }
  expect(await run("0x12", "--logs", "none")).toMatchObject({ code: 2 });
  writeFileSync(path.join(folder, "broken"), `${logFileText({ ...file, logs: [] })}{"address":1}\n`);
  const broken = await run(recorded.question, "--logs", path.join(folder, "broken"));
  expect(broken.said.join()).toMatch(/line 2 of the log file does not hold.*oracle\.bad_log_file/s);
});

/* TAMPERED */

describe("what was changed is found and named", () => {
  test.each<[string, (word: bigint) => bigint, RegExp]>([
    ["value", (one) => one + 1n, /^value, weighted median: it is 210000, the log says 210001$/],
    ["confidence", (one) => one + (1n << 144n), /^confidence, basis points: it is \d+, the log says \d+$/],
    ["finality", (one) => one - (1n << 96n), /^final at: it is \d+, the log says \d+$/],
    ["seat bitmap", (one) => one ^ (0b1100n << 160n), /^bitmap of the seats: it is 7, the log says 11$/],
    ["epoch", (one) => one + (1n << 192n), /^epoch that signed: it is 1, the log says 2$/],
    ["round", (one) => one + (1n << 224n), /^round: it is 1, the log says 2$/],
  ])("the %s", async (_, change, finding) => {
    expect(await word(change)).toContainEqual(expect.stringMatching(finding));
  });

  test("a signature, and a value that was signed", async () => {
    const found = await changed("Answered", flipped(2 + 2 * 20));
    expect(found).toContain("the signature of seat 0 is not its signer's");
    expect(found).toContainEqual(expect.stringMatching(/weight is no quorum$/));
    // The last digit of the first entry's value.
    expect(await changed("Answered", flipped(2 + 2 * 13 - 1))).toContain(
      "the signature of seat 0 is not its signer's",
    );
  });

  test("a weight, and the sum of all", async () => {
    const heavier = await changed<{ seats: bigint[]; totalWeight: bigint } & Args>(
      "EpochAdvanced",
      (args) => ({
        ...args,
        totalWeight: args.totalWeight + 1n,
        seats: args.seats.map((seat, index) => (index === 1 ? seat + 1n : seat)),
      }),
    );
    expect(heavier).toContainEqual(
      expect.stringMatching(/^weight of seat 1 .*: it is \d+, the log says \d+$/),
    );
    const sum = await changed<{ totalWeight: bigint } & Args>("EpochAdvanced", (args) => ({
      ...args,
      totalWeight: args.totalWeight * 2n,
    }));
    expect(sum).toContainEqual(expect.stringMatching(/^the seats of epoch 1 weigh \d+, the log says \d+$/));
  });

  test("a stake, and whose key it is", async () => {
    const stake = await changed<{ stake: bigint } & Args>("Joined", (args) => ({
      ...args,
      stake: args.stake + 9n,
    }));
    expect(stake).toContainEqual(expect.stringMatching(/^stake of .*: it is \d+, the log says \d+$/));
    const key = await changed("Joined", (args: Args) => ({ ...args, signer: `0x${"99".repeat(20)}` }), 1);
    expect(key).toContainEqual(expect.stringMatching(/^seat 1 is held by .*, who has no place in the logs$/));
  });

  test("a reward, who got it, and that it came", async () => {
    const more = await changed<{ premium: number } & Args>("RewardSettled", (args) => ({
      ...args,
      premium: args.premium + 1,
    }));
    expect(more).toEqual(["seats whose work counts twice: it is 0, the log says 1"]);
    const credited = await changed<{ amount: bigint } & Args>("Credited", (args) => ({
      ...args,
      amount: args.amount + 1n,
    }));
    expect(credited).toEqual([
      expect.stringMatching(/^credited to 0x.*: it is 2666668, the log says 2666669$/),
    ]);
    const other = await changed(
      "Credited",
      (args: Args) => ({ ...args, account: `0x${"99".repeat(20)}` }),
      1,
    );
    expect(other).toEqual([expect.stringMatching(/^2666668 is due to 0x.*, 0x9{40} got it$/)]);
    expect(await without("Credited", 3)).toContain("4 credits are due, the logs have 3");
  });

  test("a pay-out, a fee, a stake on an outcome", async () => {
    const paid = await changed<{ paid: bigint } & Args>("Claimed", (args) => ({
      ...args,
      paid: args.paid + 1n,
    }));
    expect(paid).toEqual([expect.stringMatching(/^paid to 0x.*: it is \d+, the log says \d+$/)]);
    const fee = await changed<{ fee: bigint } & Args>("FeeCollected", (args) => ({
      ...args,
      fee: args.fee - 1n,
    }));
    expect(fee).toEqual([expect.stringMatching(/^fee of the creator: it is \d+, the log says \d+$/)]);
    expect(await without("Staked", 1)).not.toEqual([]);
  });

  test("terms, and the schema", async () => {
    const terms = await changed<{ terms: Args } & Args>("Asked", (args) => ({
      ...args,
      terms: { ...args.terms, liveness: 29 },
    }));
    expect(terms).toContain("the terms do not hash to the question");
    const schema = await changed<{ schema: string } & Args>("Asked", (args) => ({
      ...args,
      schema: `${args.schema} `,
    }));
    expect(schema).toEqual(["the schema does not hash to the terms' schema"]);
  });

  test.each(["Asked", "Answered", "Reopened", "EpochAdvanced", "Joined", "Seated", "StakeAdded", "Opened"])(
    "%s is missing",
    async (name) => {
      expect(await without(name)).not.toEqual([]);
    },
  );

  test.each([
    "Asked",
    "Answered",
    "Reopened",
    "EpochAdvanced",
    "Joined",
    "Claimed",
    "RewardSettled",
    "Opened",
  ])("%s is there twice, and again a block later", async (name) => {
    const log = targetOf(name);
    expect(await findings([...file.logs, log])).toEqual(["this log is there twice"]);
    // After everything else, as if it had happened once more.
    const { block, at: time } = file.header.head;
    expect(await findings([...file.logs, { ...log, block, at: time, logIndex: 99 }])).not.toEqual([]);
  });

  test("another contract's logs count for nothing, other contracts are named", async () => {
    const target = targetOf("Answered");
    const elsewhere = file.logs.map((log) =>
      log === target ? { ...log, address: `0x${"77".repeat(20)}` as const } : log,
    );
    expect(await findings(elsewhere)).not.toEqual([]);
    const deployment = file.header.deployment as { addresses: Record<string, string> };
    const addresses = { ...deployment.addresses, oracle: `0x${"77".repeat(20)}` };
    const found = await findings(file.logs, { deployment: { ...deployment, addresses } });
    expect(found).toContain("the log file is of other contracts than the known ones: oracle");
    const params = { ...(file.header.deployment as { params: object }).params, providerShareBps: 10_000 };
    const cheaper = await findings(file.logs, { deployment: { ...deployment, params } });
    expect(cheaper).toContainEqual(expect.stringMatching(/^not what this source code deploys/));
  });

  test("a log beyond the head, and one that cannot be read", async () => {
    const head = { block: targetOf("Answered").block, at: targetOf("Answered").at };
    expect(await findings(file.logs, { head })).toContainEqual(expect.stringMatching(/lies beyond the head/));
    const target = targetOf("Answered");
    const cut = file.logs.map((log) => (log === target ? { ...log, data: "0x12" as const } : log));
    expect(await findings(cut)).toContain("this log cannot be read");
  });
});

describe("evidence", () => {
  test("of a folder is held against name, question, value and signature", async () => {
    for (const { hash, text, signature } of recorded.evidence) {
      writeFileSync(path.join(folder, `${hash}.json`), text);
      writeFileSync(path.join(folder, `${hash}.sig`), `${signature}\n`);
    }
    const { code, said } = await run(
      recorded.question,
      "--logs",
      path.join(folder, "logs"),
      "--evidence",
      folder,
    );
    expect(code).toBe(0);
    const text = said.join("\n");
    expect(text).toContain("seat 0 signed the hash of its evidence");
    expect(text).toContain("value that seat 1 read and signed: 210000");
    expect(text).toMatch(/no body was given for seat 2 \(0x[0-9a-f]{40}\): not checked/);
  });

  test("that was changed is found", async () => {
    const [first, second] = [at(recorded.evidence, 0), at(recorded.evidence, 1)];
    expect(await withBodies(bodyOf(first), bodyOf(second))).toEqual([]);
    expect(await withBodies({ ...bodyOf(first), text: first.text.replace("2100", "2101") })).toEqual([
      expect.stringMatching(/^the body called 0x.* has sha256 0x/),
    ]);
    expect(await withBodies({ ...bodyOf(first), signature: second.signature })).toEqual([
      "the signature over the evidence of seat 0 is not its signer's",
    ]);
    const text = first.text.replace('"209950"', '"209951"');
    expect(await withBodies({ name: evidenceHash(text), text })).toEqual([
      "value that seat 0 read and signed: it is 209950, the log says 209951",
    ]);
  });
});

/* DISPUTED */

describe("an answer that was disputed and corrected", () => {
  let overturned: Recorded;
  let its: LogFile;
  let logs: string;
  beforeAll(async () => {
    overturned = await record({ disputed: true });
    logs = path.join(folder, "disputed");
    await run(overturned.question, "--rpc", overturned.rpcUrl, "--save-logs", logs);
    its = parseLogFile(readFileSync(logs, "utf8"));
  });
  afterAll(() => overturned.stop());

  const found = async (all: RawLog[]) => {
    const verified = await verifyQuestion({ ...its, logs: all }, overturned.question, {
      deployment: undefined,
      evidence: null,
    });
    return verified.findings.map(({ what }) => what);
  };
  const other = <A extends Args>(name: string, change: (args: A) => Args, place = 0) => {
    const target = targetOf(name, place, its.logs);
    return found(its.logs.map((log) => (log === target ? rewritten(log, change) : log)));
  };

  test("holds: clarification, deposit, second signatures, word; nobody pays without a jury", async () => {
    const { code, said } = await run(overturned.question, "--logs", logs);
    const text = said.join("\n");
    expect(text).not.toContain("DIFFERS");
    expect(code).toBe(0);
    expect(text).toMatch(/chain of clarifications: 0x[0-9a-f]{32}$/m);
    expect(text).toMatch(/deposit: 250000000$/m);
    expect(text).toMatch(/value 250000 by correction, confidence 7500/);
    expect(text).not.toContain("slash of");
    expect(text).toContain("status final, value 250000");
  });

  test.each<[string, string, (args: never) => Args, RegExp]>([
    [
      "the clarification's text",
      "Clarified",
      (args: Args) => ({ ...args, text: "In euros." }),
      /^chain of clarifications: it is 0x/,
    ],
    [
      "the deposit",
      "Disputed",
      (args: { deposit: bigint }) => ({ ...args, deposit: args.deposit - 1n }),
      /^deposit: it is/,
    ],
    [
      "the claim",
      "Disputed",
      (args: Args) => ({ ...args, claim: 250_001n }),
      /^this dispute was not open|^nobody opened dispute/,
    ],
    [
      "the answer that was disputed",
      "Disputed",
      (args: { answer: bigint }) => ({ ...args, answer: args.answer ^ 1n }),
      /^answer that is disputed/,
    ],
    [
      "the second value",
      "Rereported",
      (args: Args) => ({ ...args, value: 250_001n }),
      /^value of those who looked again/,
    ],
    ["the second seats", "Rereported", (args: Args) => ({ ...args, seats: 11n }), /^bitmap of the seats/],
    [
      "the word",
      "Ruled",
      (args: { word: bigint }) => ({ ...args, word: args.word + (1n << 96n) }),
      /^word that is stored/,
    ],
    [
      "the verdict",
      "Ruled",
      (args: Args) => ({ ...args, verdict: 0 }),
      /^verdict: it is replace, the log says uphold$/,
    ],
    [
      "what went back",
      "Awarded",
      (args: { amount: bigint }) => ({ ...args, amount: args.amount + 1n }),
      /^part of the deposits/,
    ],
  ])("changed: %s", async (_, name, change, finding) => {
    expect(await other(name, change as never)).toContainEqual(expect.stringMatching(finding));
  });

  test.each(["Clarified", "Disputed", "Rereported", "Ruled"])(
    "%s is missing, or there again later",
    async (name) => {
      const log = targetOf(name, 0, its.logs);
      expect(await found(its.logs.filter((one) => one !== log))).not.toEqual([]);
      const { block, at: time } = its.header.head;
      expect(await found([...its.logs, { ...log, block, at: time, logIndex: 99 }])).not.toEqual([]);
    },
  );
});
