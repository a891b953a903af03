import { at, type Hex, need } from "@sooth/kernel";
import {
  appealReasonTypedData,
  type AppealText,
  type LogFile,
  logFileText,
  parseLogFile,
  type RawLog,
  reasonHash,
  type ReasonText,
} from "@sooth/oracle/core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type CourtStage, openCourtStage } from "../../test/court-stage.ts";
import {
  confirmed,
  conflicted,
  outsideAgain,
  overturned,
  rootReplaced,
  silence,
  silenceBroken,
  stoodBy,
  stoodByAlone,
  tooEarly,
  undecided,
  unheard,
  unheardAgain,
  WHY,
} from "../../test/court-stories.ts";
import { isEvent, rewritten } from "../../test/rewritten.ts";
import { vetoed } from "../../test/veto-story.ts";
import { logsOfNode } from "./log-source.ts";
import { verifyQuestion } from "./verify-question.ts";

let stage: CourtStage;
let file: LogFile;
const questions: Record<string, Hex> = {};
let items: bigint[];

beforeAll(async () => {
  stage = await openCourtStage();
  questions["confirmed"] = await confirmed(stage);
  questions["undecided"] = await undecided(stage);
  const root = await rootReplaced(stage);
  [questions["root"], items] = [root.question, root.items];
  questions["overturned"] = await overturned(stage);
  questions["tooEarly"] = await tooEarly(stage);
  questions["stoodBy"] = await stoodBy(stage, "agreed");
  questions["stoodByValues"] = await stoodBy(stage, "values");
  questions["silence"] = await silence(stage);
  questions["silenceBroken"] = await silenceBroken(stage);
  questions["conflicted"] = await conflicted(stage);
  questions["unheardAgain"] = await unheardAgain(stage);
  questions["stoodByAlone"] = await stoodByAlone(stage);
  questions["unheard"] = await unheard(stage);
  questions["vetoed"] = await vetoed(stage);
  questions["outside"] = await outsideAgain(stage);
  file = await logsOfNode(stage.rpcUrl, undefined);
}, 300_000);
afterAll(() => stage.stop());

const verify = (name: string, logs: LogFile) =>
  verifyQuestion(logs, questions[name] as Hex, {
    deployment: undefined,
    evidence: null,
    items: name === "root" ? items : null,
  });

test.each([
  "confirmed",
  "undecided",
  "root",
  "overturned",
  "tooEarly",
  "stoodBy",
  "stoodByValues",
  "silence",
  "silenceBroken",
  "conflicted",
  "unheardAgain",
  "stoodByAlone",
  "unheard",
  "vetoed",
  "outside",
])("%s: nothing differs, online and from a file", async (name) => {
  const online = await verify(name, file);
  expect(online.findings).toEqual([]);
  const offline = await verify(name, parseLogFile(logFileText(file)));
  expect(offline).toEqual(online);
});

/* REASONS */

const reason = reasonHash(WHY);
const onReasons = (all: readonly { what: string }[]) =>
  all.map(({ what }) => what).filter((what) => /\b(text|reason)\b/.test(what));
/** What is said with these texts, and which of them were asked for. */
async function checked(
  texts: ReasonText[] | null,
  name = "confirmed",
  logs = file,
  appeals: AppealText[] = [],
) {
  const asked: (readonly Hex[])[] = [];
  const { lines, findings } = await verifyQuestion(logs, questions[name] as Hex, {
    deployment: undefined,
    evidence: null,
    reasons: texts && {
      texts: async (hashes) => {
        asked.push(hashes);
        return texts;
      },
      ofAppeals: async () => appeals,
    },
  });
  const said = lines.map(({ what }) => what);
  return { asked, said, told: onReasons(lines).toSorted(), differs: findings.map(({ what }) => what) };
}

const withAppeals = (appeals: AppealText[]) => checked([], "overturned", file, appeals);

describe("the text that says why", () => {
  const logged = `the text that says why hashes to ${reason}`;
  test("is held against the hash that the chain logged", async () => {
    const { asked, told: said, differs } = await checked([{ name: reason, text: WHY }]);
    expect(asked).toEqual([[reason]]);
    expect(said).toEqual([`the text of the reason hashes to ${reason}, 52 bytes`, logged]);
    expect(differs).toEqual([]);
  });
  test("where it was changed it differs, by one character or in the log", async () => {
    const text = WHY.replace("2,500", "2,501");
    expect((await checked([{ name: reason, text }])).differs).toEqual([
      `the text of the reason ${reason} hashes to ${reasonHash(text)}`,
    ]);
    const log = logOf("confirmed", "Disputed");
    const logs = file.logs.map((each) => (each === log ? rewritten(log, bytes("reason")) : each));
    const other = await checked([{ name: reason, text: WHY }], "confirmed", { ...file, logs });
    expect(other.told).toContain(`no text was given for the reason ${other.asked[0]?.[0]}: not checked`);
  });
  test("where it is missing that is told and no fault; where none was given nothing is asked for", async () => {
    const none = await checked([]);
    expect(none.told).toEqual([`no text was given for the reason ${reason}: not checked`, logged]);
    expect(none.differs).toEqual([]);
    expect(await checked(null)).toMatchObject({ told: [logged], differs: [] });
    expect(await checked([], "unheard")).toMatchObject({ asked: [[]], told: [], differs: [] });
  });
  test("of a veto is held against the chain likewise", async () => {
    const { asked, told: said, differs } = await checked([{ name: reason, text: WHY }], "vetoed");
    expect(asked).toEqual([[reason]]);
    expect(said).toContain(`the text of the reason hashes to ${reason}, 52 bytes`);
    expect(differs).toEqual([]);
  });

  test("of an appeal is held against the key of who appealed", async () => {
    const { transaction, topics } = logOf("overturned", "Appealed");
    const dispute = need(topics[1], "a dispute");
    const text = "The jury read the wrong minute.";
    const domain = { chainId: stage.domain.chainId, oracle: stage.addresses.oracle };
    const said = { dispute, transaction: transaction as Hex, text };
    const typed = appealReasonTypedData(domain, { ...said, reason: reasonHash(text) });
    const signedBy = async (index: number): Promise<AppealText> => ({
      ...said,
      signature: await at(stage.parties, index).signTypedData(typed),
    });
    const who = at(stage.parties, 1).address.toLowerCase();
    const own = await signedBy(1);
    expect((await withAppeals([own])).said).toContain(`${who} signed why he appealed: ${reasonHash(text)}`);
    expect((await withAppeals([own])).differs).toEqual([]);
    const unsigned = expect.stringMatching(/^no key of 0x[0-9a-fA-F]{40} signed the text of the appeal 0x/);
    for (const bent of [await signedBy(0), { ...own, text: `${text} ` }])
      expect((await withAppeals([bent])).differs).toEqual([unsigned]);
    const elsewhere = `0x${"ab".repeat(32)}` as const;
    expect((await withAppeals([{ ...own, transaction: elsewhere }])).differs).toEqual([
      `no log tells of an appeal by ${elsewhere}`,
    ]);
    expect((await withAppeals([])).told).toEqual([
      `no text was given for the appeal ${transaction}: not checked`,
    ]);
  });
});

/* TAMPERING */

const told = async (name: string, logs: RawLog[]) =>
  (await verify(name, { ...file, logs })).findings.map(({ what }) => what);
/** The first log of this event after the question was asked, or the first at all. */
function logOf(name: string, event: string): RawLog {
  const asked = file.logs.findIndex((log) => log.topics[1] === questions[name]);
  const all = file.logs.filter((log) => isEvent(log, event));
  // The first snapshot is the one that the juries were drawn from.
  if (event === "JurorsTaken") return need(all[0], event);
  return need(all.find((log) => file.logs.indexOf(log) >= asked) ?? all[0], event);
}
const other = (hex: Hex): Hex => `${hex.slice(0, -1)}${hex.endsWith("0") ? "1" : "0"}` as Hex;
const WHO: Hex = `0x${"99".repeat(20)}`;

type Change = (args: never) => Record<string, unknown>;
const put =
  (over: Record<string, unknown>): Change =>
  (args: object) => ({ ...args, ...over });
const one =
  (name: string): Change =>
  (args: Record<string, bigint | number>) => {
    const value = need(args[name], name);
    return { ...args, [name]: typeof value === "bigint" ? value + 1n : value + 1 };
  };
const bytes =
  (name: string): Change =>
  (args: Record<string, Hex>) => ({ ...args, [name]: other(need(args[name], name)) });
const within =
  (name: string, field: string): Change =>
  (args: Record<string, Record<string, bigint | number>>) => ({
    ...args,
    [name]: one(field)(need(args[name], name) as never),
  });

describe.each<[string, string, [string, Change, RegExp][]]>([
  [
    "snapshot",
    "overturned",
    [
      ["JurorsTaken", one("totalWeight"), /^weight of snapshot 1/],
      [
        "JurorsTaken",
        (args: { jurors: bigint[] }) => ({ ...args, jurors: args.jurors.map((word) => word + 1n) }),
        /^weight of juror 0/,
      ],
      [
        "JurorsTaken",
        (args: { jurors: bigint[] }) => ({ ...args, jurors: args.jurors.slice(1) }),
        /^jurors of snapshot 1/,
      ],
    ] as [string, Change, RegExp][],
  ],
  [
    "jury",
    "overturned",
    [
      ["JuryOpened", within("terms", "size"), /^the terms do not hash to the jury/],
      ["JuryOpened", within("terms", "openedAt"), /^opened at, court clock/],
      ["JuryOpened", within("terms", "beaconRound"), /^round of the beacon/],
      ["JuryOpened", within("terms", "excluded"), /^jurors who may not sit/],
      ["JuryOpened", within("terms", "fee"), /^pay of the jury/],
      ["Convened", one("tier"), /^tier of the jury/],
      ["Convened", one("claim"), /^claim that the jury judges/],
      ["Proved", bytes("seed"), /^seed of round/],
      ["CommitsPosted", bytes("batch"), /^no commitments that were posted/],
      ["CommittedOwn", bytes("commitment"), /signed no commitment/],
      ["Revealed", one("votes"), /^votes, two bits a seat/],
      ["FaultShown", one("juror"), /^nothing with the logs shows|was not drawn/],
      ["FaultShown", put({ challenger: WHO }), /^the challenger is/],
      ["JuryClosed", put({ choice: 1 }), /^verdict of the jury/],
      ["JuryClosed", one("votesFor"), /^seats for it/],
      ["JuryClosed", one("perSeat"), /^pay of a coherent seat/],
      ["JuryClosed", one("returned"), /^pay that goes back/],
    ],
  ],
  [
    "ladder",
    "overturned",
    [
      ["VerdictTaken", put({ choice: 3 }), /^verdict of the jury/],
      ["VerdictTaken", one("until"), /^until when it may be appealed/],
      ["Appealed", put({ side: 3 }), /^nothing with the logs backs choice 3/],
      ["Appealed", one("deposit"), /^deposit of the appeal/],
      ["Appealed", put({ who: WHO }), /was to pay/],
      ["Ruled", one("word"), /^word that is stored/],
      ["Ruled", put({ verdict: 0 }), /^verdict: it is replace/],
      ["Awarded", one("amount"), /^part of the deposits/],
      ["Awarded", put({ who: WHO }), /of the deposits is due to/],
      ["Concluded", put({ outcome: 3 }), /^outcome of the deposits/],
      ["Concluded", one("toInsurance"), /^left for the insurance/],
      ["Slashed", one("amount"), /^slash of 0x/],
    ],
  ],
  [
    "second look",
    "confirmed",
    [
      ["Rereported", put({ stage: 2 }), /^what follows: it is confirmed/],
      ["Rereported", one("value"), /is not its signer's/],
      ["Rereported", one("epoch"), /^epoch that signed again/],
      ["Awarded", one("amount"), /^part of the deposits/],
    ],
  ],
  [
    "quorum",
    "stoodBy",
    [
      ["Rereported", put({ stage: 2 }), /^what follows: it is confirmed/],
      ["Rereported", one("value"), /is not its signer's/],
      ["Convened", one("tier"), /^tier of the jury/],
    ],
  ],
  [
    "no verdict",
    "undecided",
    [
      ["Rereported", put({ stage: 1 }), /^what follows: it is sitting/],
      ["VerdictTaken", put({ choice: 2 }), /^verdict of the jury/],
      ["Ruled", one("word"), /^word that is stored/],
    ],
  ],
  [
    "silence",
    "silence",
    [
      ["Disputed", one("deposit"), /^deposit: it is/],
      ["Disputed", one("answer"), /^answer that is disputed/],
      ["Convened", one("claim"), /^claim that the jury judges/],
      ["Ruled", one("word"), /^word that is stored/],
      ["Awarded", one("amount"), /^part of the deposits/],
    ],
  ],
  [
    "silence that was broken",
    "silenceBroken",
    [
      ["Rereported", one("value"), /^value of those who looked again/],
      ["Rereported", put({ stage: 1 }), /^what follows: it is corrected/],
      ["Ruled", one("word"), /^word that is stored/],
    ],
  ],
  [
    "an objection that nobody could hear",
    "unheard",
    [
      ["Ruled", one("word"), /^word that is stored/],
      ["Ruled", put({ verdict: 0 }), /^verdict: it is invalid/],
      ["Awarded", one("amount"), /^part of the deposits/],
      ["Awarded", put({ who: WHO }), /of the deposits is due to/],
      ["Concluded", one("toInsurance"), /^left for the insurance/],
      ["Concluded", put({ outcome: 1 }), /^outcome of the deposits/],
    ],
  ],
  [
    "a jury without a verdict, after which nobody can sit",
    "unheardAgain",
    [
      ["VerdictTaken", put({ choice: 2 }), /^verdict of the jury/],
      ["Ruled", one("word"), /^word that is stored/],
      ["Awarded", one("amount"), /^part of the deposits/],
      ["Concluded", one("toInsurance"), /^left for the insurance/],
    ],
  ],
  [
    "root",
    "root",
    [
      ["AnsweredRoot", within("answer", "facts"), /^facts under the root's hash|signature/],
      ["AnsweredRoot", one("word"), /^word that is stored/],
      ["Packed", bytes("root"), /which is not the answer/],
      ["DisputedRoot", bytes("claimRoot"), /^nobody opened dispute|^this dispute was not open/],
      ["Ruled", bytes("root"), /^the root is/],
      ["Ruled", one("word"), /^word that is stored/],
    ],
  ],
  [
    "a veto",
    "vetoed",
    [
      ["Vetoed", one("finalizeAt"), /^final at, put off by its watcher/],
      ["Vetoed", put({ watcher: WHO }), /vetoed, and 0x[0-9a-fA-F]{40} was named$/],
      ["WatcherSet", put({ watcher: WHO }), /^0x[0-9a-fA-F]{40} vetoed, and 0x9+ was named$/],
    ],
  ],
  [
    "too early, held, outside",
    "tooEarly",
    [
      ["Slashed", one("amount"), /^slash of 0x.*too early/],
      ["Ruled", one("word"), /^word that is stored/],
      ["Paused", one("until"), /^domain 0 is paused until|final at, held/],
      ["Held", one("finalizeAt"), /^final at, held for pause 1/],
      ["Outside", one("value"), /^nothing with the logs shows/],
      ["Outside", one("taken"), /^slash of 0x.*outside tolerance/],
    ],
  ],
  [
    "positions of judges",
    "conflicted",
    [
      ["PositionShown", put({ holder: WHO }), /^0x(99)+ is not 0x[0-9a-f]{40}, nor a key of his$/],
      ["PositionShown", put({ owner: WHO }), /^nothing with the logs shows that 0x(99)+ reported or voted/],
      ["Slashed", one("amount"), /^slash of 0x/],
      ["Recused", put({ owner: WHO }), /^nothing with the logs shows that 0x(99)+ was drawn$/],
    ],
  ],
  [
    "two values",
    "outside",
    [
      ["Outside", one("taken"), /^slash of 0x.*outside tolerance/],
      ["Equivocated", bytes("second"), /^nothing with the logs shows two values/],
    ],
  ],
])("%s, of what was %s", (_, name, changes) => {
  test.each(changes.map(([event, change, finding]) => ({ event, change, finding })))(
    "$event: $finding",
    async ({ event, change, finding }) => {
      const log = logOf(name, event);
      const logs = file.logs.map((each) => (each === log ? rewritten(log, change) : each));
      expect(await told(name, logs)).toContainEqual(expect.stringMatching(finding));
    },
  );
});

test.each<[string, string]>([
  ["overturned", "JurorSet"],
  ["overturned", "JuryOpened"],
  ["overturned", "Proved"],
  ["overturned", "CommitsPosted"],
  ["overturned", "Revealed"],
  ["overturned", "JuryClosed"],
  ["overturned", "VerdictTaken"],
  ["overturned", "Appealed"],
  ["overturned", "Slashed"],
  ["confirmed", "Rereported"],
  ["stoodBy", "Rereported"],
  ["stoodBy", "Convened"],
  ["tooEarly", "Slashed"],
  ["tooEarly", "Paused"],
  ["conflicted", "PositionShown"],
  ["conflicted", "Slashed"],
  ["conflicted", "Recused"],
  ["outside", "Banned"],
])("%s: without %s it differs", async (name, event) => {
  const log =
    event === "JurorSet"
      ? need(
          file.logs.find((each) => isEvent(each, event)),
          event,
        )
      : logOf(name, event);
  expect(
    await told(
      name,
      file.logs.filter((each) => each !== log),
    ),
  ).not.toEqual([]);
});

test("silence: objected to while providers still had their time, or for what lies out of bounds, it differs", async () => {
  const log = logOf("silence", "Disputed");
  const sooner = file.logs.map((each) => (each === log ? { ...each, at: each.at - 300 } : each));
  expect(await told("silence", sooner)).toContainEqual(
    expect.stringMatching(/^nobody could object to silence/),
  );
  const beyond = file.logs.map((each) => (each === log ? rewritten(each, put({ claim: -5n })) : each));
  expect(await told("silence", beyond)).toContainEqual(
    expect.stringMatching(/^what is claimed lies outside/),
  );
});

/** The logs of the transaction in which it ended. */
const ended = () =>
  file.logs.filter(({ transaction }) => transaction === logOf("unheard", "Ruled").transaction);

describe("an objection that nobody could hear", () => {
  test("tells what went to the insurance", async () => {
    const { lines, status } = await verify("unheard", file);
    const said = lines.map(({ what }) => what);
    expect(said).toContain("no jury could be drawn");
    expect(said).toContain("to the insurance, what a jury would have cost: 62500000");
    expect(said).toContain("part of the deposits: 187500000");
    expect(status).toBe("invalid");
  });

  test("before providers had their time to look again it differs", async () => {
    const its = ended();
    const sooner = file.logs.map((log) => (its.includes(log) ? { ...log, at: log.at - 5 } : log));
    expect(await told("unheard", sooner)).toContainEqual(
      expect.stringMatching(
        /^ended without a jury at \d+ of the court clock, and providers could look again/,
      ),
    );
  });

  test("while a jury could have been drawn it differs", async () => {
    // As if nobody had left the jurors: the first snapshot stands.
    const snapshots = new Set(file.logs.filter((log) => isEvent(log, "JurorsTaken")).slice(1));
    const logs = file.logs.filter((log) => !snapshots.has(log));
    expect(await told("unheard", logs)).toContain("ended without a jury, and one could have been drawn");
  });

  test("with more for the insurance than a jury would have cost, or nothing, it differs", async () => {
    const fee = need(
      ended().find((log) => isEvent(log, "Credited") && /0*3b9aca0$/.test(log.data)),
      "the fee",
    );
    const more = file.logs.map((log) =>
      log === fee
        ? rewritten(log, (args: { amount: bigint }) => ({ ...args, amount: args.amount + 1n }))
        : log,
    );
    expect(await told("unheard", more)).toContainEqual(expect.stringMatching(/^credited to/));
    expect(
      await told(
        "unheard",
        file.logs.filter((log) => log !== fee),
      ),
    ).not.toEqual([]);
  });
});

/** In which word of the input's arguments something stands that is proved. */
test.each<[string, number]>([
  ["Proved", 3],
  ["Revealed", 11],
  ["CommittedOwn", 12],
  ["FaultShown", 13],
])("overturned: without the input of %s, or with another, it differs", async (event, place) => {
  const log = logOf("overturned", event);
  const input = need(log.input, "an input");
  const at = 10 + 64 * place + 20;
  const digit = input[at] === "1" ? "2" : "1";
  const { input: _, ...bare } = log;
  const broken = { ...log, input: `${input.slice(0, at)}${digit}${input.slice(at + 1)}` as Hex };
  for (const changed of [bare, broken])
    expect(
      await told(
        "overturned",
        file.logs.map((each) => (each === log ? changed : each)),
      ),
    ).not.toEqual([]);
});

const shown = () => file.logs.filter((log) => isEvent(log, "PositionShown"));
describe("positions of judges", () => {
  test("tells who reported, who voted and who stayed away, and what each pays", async () => {
    const said = (await verify("conflicted", file)).lines.map(({ what }) => what.toLowerCase());
    const reporter = at(stage.owners, 0).address.toLowerCase();
    const says = `holds a position, says ${stage.addresses.markets.toLowerCase()}`;
    const about = (text: RegExp) => said.filter((what) => text.test(what));
    expect(said).toContain(`${reporter} signed a report on it and ${says}`);
    expect(about(/^0x[0-9a-f]{40} voted on it and holds a position/)).toHaveLength(1);
    expect(about(/^0x[0-9a-f]{40} was drawn, holds a position and may stay away$/)).toHaveLength(1);
    expect(shown()).toHaveLength(2);
  });

  test.each([
    ["of the report", 0, "reported or voted on it"],
    ["of the vote", 1, "reported or voted on it"],
  ])(
    "without the transaction's input %s, or with another question in it, it differs",
    async (_, index, text) => {
      const log = need(shown()[index], "a position");
      const { input, ...bare } = log;
      const named = need(questions["conflicted"], "a question").slice(2);
      const other = { ...log, input: need(input, "an input").replaceAll(named, "ab".repeat(32)) as Hex };
      for (const changed of [bare, other])
        expect(
          await told(
            "conflicted",
            file.logs.map((each) => (each === log ? changed : each)),
          ),
        ).toContainEqual(expect.stringContaining(text));
    },
  );

  test("a recusal by a key that is not the juror's excuses nobody", async () => {
    const log = logOf("conflicted", "Recused");
    const input = need(log.input, "an input");
    const key = (input.match(/0{24}[0-9a-f]{40}/g) ?? []).find((word) =>
      stage.jurors.some(({ address }) => word.endsWith(address.slice(2).toLowerCase())),
    );
    const changed = {
      ...log,
      input: input.replaceAll(need(key, "a holder"), WHO.slice(2).padStart(64, "0")) as Hex,
    };
    expect(
      await told(
        "conflicted",
        file.logs.map((each) => (each === log ? changed : each)),
      ),
    ).toContainEqual(expect.stringMatching(/^nothing with the logs shows that 0x[0-9a-f]{40} was drawn$/));
  });
});
