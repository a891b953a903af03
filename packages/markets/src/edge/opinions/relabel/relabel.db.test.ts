import type { Chain } from "@sooth/chain";
import { devAccount } from "@sooth/chain/local-node";
import { type Address, at, canonicalJson, type Hex, need } from "@sooth/kernel";
import { evidenceHash, evidenceText } from "@sooth/oracle/core";
import { type App, createApp, logger } from "@sooth/runtime";
import { sessions } from "@sooth/sessions";
import { migrate, sql } from "@sooth/store";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { z } from "zod";
import {
  addresses,
  answered,
  emitted,
  type Ledger,
  openLedger,
  person,
  START,
} from "../../../../test/ledger.ts";
import { type Announced, announceMarket, opined } from "../../../../test/opinion-ledger.ts";
import { cookieOf, PAGE } from "../../../../test/signed-in.ts";
import { analyse } from "../../../core/analyst/analyse.ts";
import { bytesOf, type LabelSheet, sheetOf, textHash, wireRelabelling } from "../../../core/index.ts";
import { loadAnalyst, markets, marketsConfig, offlineAnalyst } from "../../../index.ts";
import type { Analyst, LabelsOf } from "../../analyst/analyst.ts";
import { eraseContent, keepContent } from "../../content/store.ts";
import type { Deps } from "../../deps.ts";

const HUB = 31_337;
const COMMITTEE = need(addresses.committee, "the committee");
const accounts = [2, 3, 4, 5, 6].map((index) => devAccount(index));
const members = accounts.map(({ address }) => address.toLowerCase() as Address).toSorted();
const stranger = devAccount(7);
const STATEMENT = "Zoos should be closed";
const TEXTS = [
  "Zoos should be closed because animals suffer in small cages and go mad with boredom.",
  "Zoos breed endangered species, so closing them would end animals that live nowhere else.",
  "No animal chose to be locked up for our amusement, and children learn nothing from it.",
];
const OWNERS = TEXTS.map((_, index) => person(index + 1));
const ROOM = { bytesPerDay: 10_000_000, targets: [] };
const log = logger("relabel-test");

let ledger: Ledger;
let app: App;
let cookies: Record<"member" | "stranger", string>;
let market: Announced;
/** Who labels here, as a test has it. */
let panel: Analyst[] = [];
let asked = 0;

beforeAll(async () => {
  ledger = await openLedger();
  await migrate(ledger.store, [sessions.migrations]);
  const seats = members as [Address, Address, Address, Address, Address];
  await ledger.block([emitted.seated({ members: seats, number: 0n })]);
  market = announceMarket({ text: STATEMENT });
  await ledger.block([
    ...market.logs,
    ...TEXTS.map((text, index) => opined(market.id, at(OWNERS, index), 4 + index, 100 + index, text)),
  ]);
  await ledger.block([answered(market.terms.question, 6_200n, ledger.head.timestamp + 2)]);
  await ledger.block([], ledger.head.timestamp + 10);
  const built: Record<string, unknown> = { GENESIS: START - 300_000, PERIOD: 3, publicKey: [1n, 2n, 3n, 4n] };
  const client = {
    readContract: async ({ functionName }: { functionName: string }) =>
      functionName === "approver" ? COMMITTEE : (built[functionName] ?? 1),
  };
  const hub = { ...ledger.hub, client } as unknown as Chain;
  const deps: Deps = {
    store: ledger.store,
    hub,
    addresses,
    config: marketsConfig.parse({}),
    log,
    analysts: async () => panel,
  };
  app = await createApp({ log, version: "test" });
  const config = { ...deps.config, SESSIONS_ORIGINS: [] };
  sessions.routes(app, { store: ledger.store, hub, config });
  markets.routes(app, { ...deps, config });
  await app.ready();
  const [member = "", other = ""] = await Promise.all(
    [at(accounts, 0), stranger].map((each) => cookieOf(app, each, HUB)),
  );
  cookies = { member, stranger: other };
});
afterAll(async () => {
  await app.close();
  await ledger.close();
});
beforeEach(async () => {
  await sql`truncate markets.relabellings, markets.contents, oracle.reports, oracle.evidence cascade`.execute(
    ledger.store.db,
  );
  for (const text of TEXTS) await keepContent(ledger.store, { kind: "opinion", bytes: bytesOf(text) }, ROOM);
  panel = [counted(offlineAnalyst())];
  asked = 0;
});

const counted = (analyst: Analyst): Analyst => ({
  ...analyst,
  label: (...call) => {
    asked += 1;
    return analyst.label(...call);
  },
});
const saying = (said: () => Promise<LabelsOf>): Analyst => ({
  ...offlineAnalyst(),
  analyst: "claude",
  family: "claude",
  label: () => {
    asked += 1;
    return said();
  },
});

/** What a provider with the offline analyst reports; `change` is his lie, or his other model. */
async function report(
  change: (labels: LabelSheet["analysts"][number]) => object = () => ({}),
): Promise<void> {
  const { question, statement, rubric } = market.terms;
  const model = loadAnalyst();
  const labels = TEXTS.map((text) => analyse(model, { statement: STATEMENT, text }));
  const { label: _, ...facts } = offlineAnalyst();
  const positions = OWNERS.map((owner, index) => ({
    owner,
    band: 4 + index,
    staked: BigInt(100 + index),
    opinion: textHash(at(TEXTS, index)),
  }));
  const about = {
    chainId: HUB,
    contract: addresses.opinions,
    market: market.id,
    question,
    statement,
    rubric,
  };
  const honest = { ...facts, labels };
  const made = sheetOf(about, positions, [{ ...honest, ...change(honest as never) } as typeof honest]);
  if (!("sheet" in made)) throw new Error(made.unscored);
  const bytes = bytesOf(canonicalJson(made.sheet));
  const { sha256 } = await keepContent(ledger.store, { kind: "sheet", bytes, signer: person(50) }, ROOM);
  const signer = person(60);
  const source = { name: "opinions", type: "opinions" as const, url: "", fetchedAt: START, status: null };
  const body = evidenceText({
    version: 1,
    chainId: HUB,
    question,
    round: 0,
    provider: signer,
    value: "6200",
    reason: "",
    sources: [{ ...source, sha256, excerpt: "", value: "62", dropped: null }],
  });
  const hash = evidenceHash(body);
  const { db } = ledger.store;
  await sql`insert into oracle.reports values (${question}, 0, 1, ${signer}, 0, 1000, 6200, '0x', ${hash}, '0x', ${START})`.execute(
    db,
  );
  await sql`insert into oracle.evidence values (${hash}, ${body}, ${question}, 0, ${signer}, ${START})`.execute(
    db,
  );
}

type Relabelling = z.infer<typeof wireRelabelling>;
const path = (id: Hex = market.id) => `/v1/opinion-markets/${id}/relabel`;
async function ask(who: "member" | "stranger" | null): Promise<{ status: number; code?: string }> {
  const cookie = who === null ? {} : { cookie: cookies[who] };
  const reply = await app.inject({ method: "POST", url: path(), headers: { ...PAGE, ...cookie } });
  const body = reply.json<{ error?: { code: string } }>();
  return { status: reply.statusCode, ...(body.error && { code: body.error.code }) };
}
const seen = async (): Promise<Relabelling> => wireRelabelling.parse((await app.inject(path())).json());
const ended = async (): Promise<Relabelling> => {
  await expect.poll(async () => (await seen()).state, { timeout: 20_000 }).not.toBe("running");
  return seen();
};

test("only a member who is signed in has opinions labelled again", async () => {
  expect(await ask(null)).toEqual({ status: 401, code: "session.not_signed_in" });
  expect(await ask("stranger")).toEqual({ status: 403, code: "opinions.not_a_member" });
  expect(await seen()).toMatchObject({ offered: true, state: "none", comes: null, against: [] });
  expect(asked).toBe(0);
});

test("an honest provider's labels are found again, each, and nothing that he reported changes", async () => {
  await report();
  const before = await sql`select * from oracle.reports`.execute(ledger.store.db);
  expect(await ask("member")).toEqual({ status: 202 });
  const { state, askedBy, opinions, noText, comes, against } = await ended();
  expect([state, askedBy, opinions, noText]).toEqual([
    "done",
    at(accounts, 0).address.toLowerCase(),
    TEXTS.length,
    0,
  ]);
  expect(against).toMatchObject([
    {
      signers: [person(60)],
      complaint: null,
      score: comes?.score,
      confidence: comes?.confidence,
      differing: 0,
      opinions: [],
      analysts: [{ analyst: "offline", isSame: true, compared: TEXTS.length, differing: 0 }],
    },
  ]);
  expect((await sql`select * from oracle.reports`.execute(ledger.store.db)).rows).toEqual(before.rows);
});

test("a label that a provider made up is shown beside what it should be", async () => {
  await report(({ labels, ...facts }) => ({
    ...facts,
    labels: labels.map((label, index) => (index === 1 ? { ...label, stance: 9_999, quality: 100 } : label)),
  }));
  await ask("member");
  const { against, comes } = await ended();
  const [first] = against;
  expect(first?.differing).toBe(1);
  expect(first?.score).not.toBe(comes?.score);
  const [opinion] = first?.opinions ?? [];
  expect(opinion).toMatchObject({
    owner: OWNERS[1],
    analyst: "offline",
    theirs: { stance: 9_999, quality: 100, keep: true },
  });
  expect(opinion?.ours.stance).toBeLessThan(0);
});

test("what the same analysts said of the same opinions is not made twice, and a text that went makes it anew", async () => {
  await ask("member");
  await ended();
  expect(await ask("member")).toEqual({ status: 202 });
  expect(asked).toBe(1);
  await eraseContent(ledger.store, textHash(at(TEXTS, 0)));
  expect(await ask("member")).toEqual({ status: 202 });
  expect(await ended()).toMatchObject({ state: "done", noText: 1 });
  expect(asked).toBe(2);
});

test("one at a time: who asks while it runs is told so, and nothing is paid for twice", async () => {
  const held = Promise.withResolvers<void>();
  panel = [
    saying(async () => {
      await held.promise;
      return { done: false, why: "it says nothing" };
    }),
  ];
  expect(await ask("member")).toEqual({ status: 202 });
  expect(await ask("member")).toEqual({ status: 409, code: "opinions.relabelling" });
  expect((await seen()).state).toBe("running");
  held.resolve();
  await ended();
  expect(asked).toBe(1);
});

test.each<[string, LabelsOf, string]>([
  [
    "its budget ended",
    { done: false, why: "the model has spent what it may in a day", spent: true },
    "opinions.analyst_spent",
  ],
  ["it is down", { done: false, why: "the model is away" }, "opinions.analyst_away"],
])("one of two analysts fails, for %s: it is said why, and may be asked for again", async (_, said, code) => {
  panel = [counted(offlineAnalyst()), saying(async () => said)];
  await ask("member");
  const failed = await ended();
  expect([failed.state, failed.failure?.code, failed.comes]).toEqual(["failed", code, null]);
  expect(failed.failure?.message).toContain("claude: ");
  panel = [counted(offlineAnalyst())];
  expect(await ask("member")).toEqual({ status: 202 });
  expect((await ended()).state).toBe("done");
});

test("an analyst that throws fails the one asking, and not the server", async () => {
  panel = [saying(() => Promise.reject(new Error("out of its mind")))];
  await ask("member");
  const { failure } = await ended();
  expect(failure?.code).toBe("opinions.analyst_away");
  expect(failure?.message).not.toContain("mind");
});

test("whoever died while labelling leaves it to the next", async () => {
  await ask("member");
  await ended();
  await sql`update markets.relabellings set sheet = null, taken_until = now() - interval '1 second'`.execute(
    ledger.store.db,
  );
  expect(await seen()).toMatchObject({ state: "failed", failure: { code: "opinions.analyst_away" } });
  expect(await ask("member")).toEqual({ status: 202 });
  expect((await ended()).state).toBe("done");
});

test("without analysts, or the texts of most of the stake, nothing is begun", async () => {
  panel = [];
  expect((await seen()).offered).toBe(false);
  expect(await ask("member")).toEqual({ status: 409, code: "opinions.no_analysts" });
  panel = [counted(offlineAnalyst())];
  for (const text of TEXTS.slice(1)) await eraseContent(ledger.store, textHash(text));
  expect(await ask("member")).toEqual({ status: 409, code: "opinions.texts_missing" });
  expect(asked).toBe(0);
});
