import { drandBeaconAbi } from "@sooth/abi";
import { localParams } from "@sooth/chain";
import { at, type Hex, need } from "@sooth/kernel";
import { type LogFile, logFileText, parseLogFile, type RawLog } from "@sooth/oracle/core";
import { proofOf, seedOf } from "@sooth/randomness/core";
import { startLocalBeacon } from "@sooth/randomness/local-beacon";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { encodeFunctionData } from "viem";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { shape } from "../../test/output-shape.ts";
import { recordOpinions, type RecordedOpinions } from "../../test/recorded-opinions.ts";
import { type Args, isEvent, rewritten } from "../../test/rewritten.ts";
import { runCommand } from "../cli/run.ts";
import { verifyCommand, verifyMarketCommand } from "../commands/verify.ts";
import { beaconRounds } from "./beacon-rounds.ts";
import { type VerifiedMarket, verifyMarket } from "./verify-market.ts";

const localParamsOfBeacon = { genesis: localParams.beaconGenesis, period: localParams.beaconPeriodSeconds };
let folder: string;
let recorded: RecordedOpinions;
let file: LogFile;
let logs: string;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "sooth-verify-market-"));
  logs = path.join(folder, "logs");
  recorded = await recordOpinions();
  for (const name of ["evidence", "content"]) mkdirSync(path.join(folder, name));
  for (const { hash, text, signature } of recorded.evidence) {
    writeFileSync(path.join(folder, "evidence", `${hash}.json`), text);
    writeFileSync(path.join(folder, "evidence", `${hash}.sig`), signature);
  }
  for (const { hash, text } of [...recorded.sheets, recorded.opinion])
    writeFileSync(path.join(folder, "content", `${hash}.txt`), text);
}, 120_000);
afterAll(async () => {
  await recorded.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function run(...argv: string[]): Promise<{ code: number; said: string[] }> {
  const said: string[] = [];
  const line = (text = "") => void said.push(text);
  const terminal = { line, complain: line, result: (value: unknown) => line(JSON.stringify(value)) };
  const code = await runCommand(["verify", ...argv], [verifyCommand, verifyMarketCommand], terminal);
  return { code, said };
}

type Rounds = Parameters<typeof beaconRounds>[0];
const read = async (market: Hex, all: RawLog[] = file.logs, rounds: Rounds = []): Promise<VerifiedMarket> =>
  verifyMarket(parseLogFile(logFileText({ header: file.header, logs: all })), market, {
    deployment: undefined,
    evidence: async () => null,
    contents: null,
    books: null,
    rounds: beaconRounds(rounds, []),
  });

/* HONEST */

test("a market holds, from the node to the last claim, with the contract's own books", async () => {
  const { code, said } = await run("market", recorded.settled, "--rpc", recorded.rpcUrl, "--save-logs", logs);
  file = parseLogFile(readFileSync(logs, "utf8"));
  const text = said.join("\n");
  expect(text).not.toContain("DIFFERS");
  expect(code).toBe(0);
  expect(text).toContain('opinions on "Zoos should be closed"');
  expect(text).toContain("21 bands are what the contract's bandOf says");
  expect(text).toMatch(/ok +\d+:\d+ +the beacon signed round \d+: 0x/);
  expect(text.match(/prize \d fell on unit \d+ of stance \d+, drawn by 0x/g)).toHaveLength(3);
  expect(text).toMatch(/facts of the rule, resultOf: \d+/);
  expect(text).toMatch(/^score 6\d: staked 8700004, paid \d+, fee 217500, owed \d+, dust [0-7]$/m);
  expect(text).toMatch(/^VERIFIED: \d+ checks, nothing differs\.$/m);
});

test("so it does offline, with the labels that each provider's answer rests on", async () => {
  const { code, said } = await run(
    "market",
    recorded.settled,
    "--logs",
    logs,
    "--evidence",
    path.join(folder, "evidence"),
    "--content",
    path.join(folder, "content"),
  );
  const text = said.join("\n");
  expect(text).not.toContain("DIFFERS");
  expect(code).toBe(0);
  expect(text).toMatch(
    /the sheet of seat 0: 4 labels each of one \(one-1\), two \(two-1\) come to \d+, confidence \d+, by family in basis points one \d+, two \d+/,
  );
  expect(text).toMatch(/score of seat 1's labels in hundredths, as it signed: \d+00$/m);
  expect(text).toContain("1 of 4 opinions were given as texts that hash to what was staked with");
  expect(text).toContain("no body was given for seat 2");
});

test("one of hidden stances, and one that is still open", async () => {
  const hidden = await read(recorded.hidden);
  expect(hidden.findings).toEqual([]);
  expect(hidden).toMatchObject({
    kind: "opinions",
    result: "score 50",
    money: { staked: "3000000", owed: "0" },
  });
  expect(hidden.lines.map(({ what }) => what)).toContain(
    "staked with stances that nobody told, shared by the others: 1000000",
  );
  const open = await read(recorded.open);
  expect(open.findings).toEqual([]);
  expect(open).toMatchObject({
    result: "not ended",
    money: { staked: "1000000", paid: "0", owed: "1000000" },
  });
});

test("as JSON the same; the question of a market holds too", async () => {
  const { code, said } = await run("market", recorded.settled, "--json", "--logs", logs);
  expect(code).toBe(0);
  const verified = JSON.parse(at(said, 0)) as VerifiedMarket;
  expect(verified).toMatchObject({
    kind: "opinions",
    chainId: 31_337,
    findings: [],
    answer: { status: "final" },
  });
  expect(verified.opinions?.prizes).toHaveLength(3);
  const question = await run("question", need(verified.question, "its question"), "--logs", logs);
  expect(question.said.join("\n")).toMatch(/^VERIFIED:/m);
  expect(question.code).toBe(0);
});

test("a market that nobody knows, and a file that is none", async () => {
  const unknown = await run("market", `0x${"ab".repeat(32)}`, "--logs", logs);
  expect(unknown).toMatchObject({ code: 3, said: [expect.stringMatching(/\[ops\.no_market\]$/)] });
  // A question is no market.
  const { question } = await read(recorded.settled);
  expect(await run("market", need(question, "a question"), "--logs", logs)).toMatchObject({ code: 3 });
  expect(await run("market", "0x12", "--logs", logs)).toMatchObject({ code: 2 });
  const nothing = await run("market", recorded.settled, "--data-dir", path.join(folder, "nothing"));
  expect(nothing).toMatchObject({ code: 4 });
});

/* SEALED */

const isOf = (log: RawLog, name: string, market: Hex) =>
  isEvent(log, name) && (log.topics.includes(market) || log.data.includes(market.slice(2)));

const signed = (round: bigint) => [{ round: String(round), signature: recorded.signatureOf(round) }];
const said = ({ lines }: VerifiedMarket) => lines.map(({ what }) => what);

/** But for what only a node tells. */
const bare = (lines: string[]) =>
  lines.filter((line) => !/bandOf|untoldOf|resultOf|balanceOf|VERIFIED|asked/.test(line));

test("hidden stances open by themselves: from a node and a relay, and then from the file alone", async () => {
  const beacon = await startLocalBeacon({
    ...localParamsOfBeacon,
    secretKey: recorded.secret,
    now: () => 4_000_000_000,
  });
  const kept = path.join(folder, "hidden-logs");
  const online = await run(
    "market",
    recorded.hidden,
    "--rpc",
    recorded.rpcUrl,
    "--beacon",
    beacon.url,
    "--save-logs",
    kept,
  );
  await beacon.stop();
  expect(online.code).toBe(0);
  const text = online.said.join("\n");
  expect(text).toContain(`the beacon's signature of round ${recorded.round} opens what was sealed: 0x`);
  expect(text).toMatch(/stance that 0x\w+ sealed, by the signature of round \d+: 50$/m);
  expect(text).toMatch(/0x\w+ sealed what opens to no stance \(malformed\): he told stance 55 himself$/m);
  expect(text).toMatch(/0x\w+ sealed stance 10 validly, and it was never told$/m);
  expect(text).toContain(
    "hidden stances 3: 2 open, of these 1 not told; 0 still locked, 1 sealed as garbage, 0 not sealed",
  );
  expect(beacon.requests()).toBe(1);
  const offline = await run("market", recorded.hidden, "--logs", kept);
  expect(offline.code).toBe(0);
  expect(bare(offline.said)).toEqual(bare(online.said));
});

test("docs/verify.md shows what a run prints", async () => {
  const page = readFileSync(path.resolve(import.meta.dirname, "../../../../docs/verify.md"), "utf8");
  const [, shown = ""] = /\n### An example of a market\n[\s\S]*?```text\n([\s\S]*?)\n```/.exec(page) ?? [];
  const { said } = await run("market", recorded.hidden, "--logs", path.join(folder, "hidden-logs"));
  // When this differs, what stands under "An example of a market" is replaced by what such a run prints now.
  expect(shape(said.join("\n"))).toEqual(shape(shown));
});

test("so they do by a round that somebody proved on chain; without any signature they stay locked", async () => {
  const signature = recorded.signatureOf(recorded.round);
  const proof = encodeFunctionData({
    abi: drandBeaconAbi,
    functionName: "prove",
    args: [recorded.round, proofOf(recorded.round, signature)],
  });
  const proved = rewritten(
    need(
      file.logs.find((log) => isEvent(log, "Proved")),
      "a proof",
    ),
    (args: Args) => ({
      ...args,
      round: recorded.round,
      seed: seedOf(signature),
    }),
  );
  const byChain = await read(recorded.hidden, [...file.logs, { ...proved, logIndex: 999, input: proof }]);
  expect(byChain.findings).toEqual([]);
  expect(byChain.opinions?.seals).toMatchObject([
    { seal: "opens", opened: 50, told: 50 },
    { seal: "malformed", opened: null, told: 55 },
    { seal: "opens", opened: 10, told: null },
  ]);
  const locked = await read(recorded.hidden);
  expect(said(locked)).toContain(
    `nobody gave the beacon's signature of round ${recorded.round}: sealed stances are not opened`,
  );
  expect(locked.opinions?.seals.map(({ seal }) => seal)).toEqual(["locked", "malformed", "locked"]);
});

test("a signature that is not the beacon's opens nothing, and rows that were changed are found", async () => {
  const other = [{ round: String(recorded.round), signature: recorded.signatureOf(recorded.round + 1n) }];
  const forged = await read(recorded.hidden, file.logs, other);
  expect(forged.findings.map(({ what }) => what)).toEqual([
    `the signature of round ${recorded.round} that was given is not the beacon's`,
  ]);
  const hidden = file.logs.filter((log) => isOf(log, "Hidden", recorded.hidden));
  expect(hidden).toHaveLength(3);
  const foundWith = async (target: RawLog | undefined, change: (args: never) => Args) => {
    const all = file.logs.map((log) => (log === target ? rewritten(log, change) : log));
    const { findings, opinions } = await read(recorded.hidden, all, signed(recorded.round));
    return { found: findings.map(({ what }) => what), seals: opinions?.seals.map(({ seal }) => seal) };
  };
  const swapped = await foundWith(hidden[0], (args: Args & { sealed_: Hex }) => ({
    ...args,
    sealed_: `${args.sealed_.slice(0, -2)}00`,
  }));
  expect(swapped.found).toEqual([
    expect.stringMatching(/^what 0x\w+ sent hides another stance, or locks it/),
  ]);
  expect(swapped.seals).toEqual(["changed", "malformed", "opens"]);
  const cleared = await foundWith(hidden[2], (args: Args) => ({ ...args, sealed_: "0x" }));
  expect(cleared.found).toHaveLength(1);
  const another = await foundWith(hidden[2], (args: Args) => ({
    ...args,
    commitment: `0x${"77".repeat(32)}`,
  }));
  expect(another).toMatchObject({
    found: [expect.stringMatching(/^what 0x/)],
    seals: ["opens", "malformed", "lying"],
  });
  const revealed = file.logs.find((log) => isOf(log, "Revealed", recorded.hidden));
  const retold = await foundWith(revealed, (args: Args) => ({ ...args, band: 3 }));
  expect(retold.found).toContainEqual(
    expect.stringMatching(
      /^stance that 0x\w+ sealed, by the signature of round \d+: it is 50, the log says 15$/,
    ),
  );
});

/* TAMPERED */

const targetOf = (name: string, market: Hex, place = 0): RawLog =>
  need(file.logs.filter((log) => isOf(log, name, market))[place], name);

const changed = async (name: string, change: (args: never) => Args, market = recorded.settled) => {
  const target = targetOf(name, market);
  const all = file.logs.map((log) => (log === target ? rewritten(log, change) : log));
  return (await read(market, all)).findings.map(({ what }) => what);
};
const without = async (name: string, market = recorded.settled) => {
  const gone = targetOf(name, market);
  return (
    await read(
      market,
      file.logs.filter((log) => log !== gone),
    )
  ).findings.map(({ what }) => what);
};

describe("what was changed in the file is found and named", () => {
  test.each<[string, (args: never) => Args, RegExp]>([
    [
      "Scored",
      (args) => ({ ...(args as Args), score: 99 }),
      /^score, of the final answer \d+ in hundredths: it is \d+, the log says 99$/,
    ],
    [
      "Scored",
      (args) => ({ ...(args as Args), total: 1n }),
      /^staked with a stance: it is 8700004, the log says 1$/,
    ],
    [
      "Claimed",
      (args) => ({ ...(args as Args), paid: 1n }),
      /^paid to 0x.* on stance \d+: it is \d+, the log says 1$/,
    ],
    ["PrizePaid", (args) => ({ ...(args as Args), paid: 1n }), /^prize 0: it is 290000, the log says 1$/],
    [
      "PrizePaid",
      (args) => ({ ...(args as Args), owner: `0x${"99".repeat(20)}` }),
      /and was paid to 0x(99)+$/,
    ],
    [
      "FeeCollected",
      (args) => ({ ...(args as Args), fee: 1n }),
      /^fee of the creator: it is 217500, the log says 1$/,
    ],
    ["Staked", (args) => ({ ...(args as Args), amount: 3_000_000 }), /^no 3000000 of collateral moved from/],
    [
      "Staked",
      (args) => ({ ...(args as Args), band: 11 }),
      /^paid to 0x.* on stance 55: it is \d+, the log says \d+$/,
    ],
    ["Announced", (args) => ({ ...(args as Args), statement: "Zoos" }), /^the statement does not hash/],
  ])("%s", async (name, change, finding) => {
    expect(await changed(name, change)).toContainEqual(expect.stringMatching(finding));
  });

  test.each(["Announced", "Staked", "Scored", "Claimed"])("%s is missing", async (name) => {
    expect(await without(name)).not.toEqual([]);
  });

  test("money that left unseen, and money that never came", async () => {
    const transfers = file.logs.filter((log) => isEvent(log, "Transfer"));
    expect(transfers.length).toBeGreaterThan(10);
    const gone = need(transfers[0], "a movement");
    const missing = await read(
      recorded.settled,
      file.logs.filter((log) => log !== gone),
    );
    expect(missing.findings.map(({ what }) => what)).toContainEqual(
      expect.stringMatching(/^no \d+ of collateral moved/),
    );
    const claims = file.logs.filter((log) => !isOf(log, "Claimed", recorded.settled));
    const unseen = await read(recorded.settled, claims);
    expect(unseen.findings.map(({ what }) => what)).toContainEqual(
      expect.stringMatching(/of collateral left the contract for 0x.*, and no log of it says why$/),
    );
  });

  test("a seed that the beacon did not sign, and a stance that was not hidden so", async () => {
    const seeded = file.logs.map((log) =>
      isEvent(log, "Proved")
        ? rewritten(log, (args: Args) => ({ ...args, seed: `0x${"5e".repeat(32)}` }))
        : log,
    );
    const { findings } = await read(recorded.settled, seeded);
    expect(findings.map(({ what }) => what)).toContainEqual(
      expect.stringMatching(/^seed of round \d+: it is 0x/),
    );
    expect(await changed("Revealed", (args: Args) => ({ ...args, band: 3 }), recorded.hidden)).toContainEqual(
      expect.stringMatching(/^nothing with the logs opens the commitment of 0x.* as stance 15$/),
    );
  });

  test("the answer itself", async () => {
    const { question } = await read(recorded.settled);
    const target = need(
      file.logs.find((log) => isEvent(log, "Answered") && log.topics.includes(need(question, "a question"))),
      "an answer",
    );
    const all = file.logs.map((log) =>
      log === target
        ? rewritten(log, (args: Args & { word: bigint }) => ({ ...args, word: args.word + 100n }))
        : log,
    );
    const found = (await read(recorded.settled, all)).findings.map(({ what }) => what);
    expect(found).toContainEqual(
      expect.stringMatching(/^value, weighted median: it is \d+, the log says \d+$/),
    );
    expect(found).toContainEqual(expect.stringMatching(/^score, of the final answer/));
  });

  test("labels that were changed, and a sheet of another name", async () => {
    const [sheet] = recorded.sheets;
    const { hash, text } = need(sheet, "a sheet");
    const forged = path.join(folder, "forged");
    mkdirSync(forged);
    writeFileSync(path.join(forged, `${hash}.json`), text.replace('"stance":3000', '"stance":9000'));
    const evidence = path.join(folder, "evidence");
    const { code, said } = await run(
      "market",
      recorded.settled,
      "--logs",
      logs,
      "--evidence",
      evidence,
      "--content",
      forged,
    );
    expect(code).toBe(1);
    expect(said.join("\n")).toMatch(new RegExp(`DIFFERS +\\d+:0 +the content called ${hash} has sha256 0x`));
    expect(said.join("\n")).toMatch(/DIFFER, \d+ hold\.$/m);
  });
});
