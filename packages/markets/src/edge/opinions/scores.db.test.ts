import { at, canonicalJson, type Hex, need } from "@sooth/kernel";
import { evidenceHash, evidenceText } from "@sooth/oracle/core";
import { type App, createApp, logger } from "@sooth/runtime";
import { sql } from "@sooth/store";
import type { z } from "zod";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import {
  addresses,
  answered,
  emitted,
  type Ledger,
  openLedger,
  person,
  START,
} from "../../../test/ledger.ts";
import { type Announced, announceMarket, opined } from "../../../test/opinion-ledger.ts";
import type { Label } from "../../core/analyst/label.ts";
import { bytesOf, cidOf, labelSheet, scoredOpinionPage, sheetOf, textHash } from "../../core/index.ts";
import { markets, marketsConfig } from "../../index.ts";
import { eraseContent, keepContent } from "../content/store.ts";

const log = logger("scores-test");
const PARTS = { clarity: 15, insight: 15, reasoning: 20, originality: 10 };
const FOR: Label = { stance: 8_000, quality: 60, parts: PARTS, rejection: null, note: "It is argued so." };
const NONE = { clarity: 0, insight: 0, reasoning: 0, originality: 0 };
const EMPTY: Label = { stance: 0, quality: 0, parts: NONE, rejection: "empty" };
const OPINION = textHash("I think so");
const [low, high] = [person(1), person(2)];

let ledger: Ledger;
let app: App;
let market: Announced;
beforeAll(async () => {
  ledger = await openLedger();
  app = await createApp({ log, version: "test" });
  const { store, hub } = ledger;
  markets.routes(app, { store, hub, addresses, config: marketsConfig.parse({}), log });
  await app.ready();
});
afterAll(async () => {
  await app.close();
  await ledger.close();
});
/** Two stakes of a market that is closed: 1,000 on 20, 3,000 on 100. */
beforeEach(async () => {
  const now = ledger.head.timestamp;
  market = announceMarket({ closesAt: now + 10 });
  await ledger.block([...market.logs, opined(market.id, low, 4, 1_000), opined(market.id, high, 20, 3_000)]);
  await ledger.block([], now + 20);
});

/** Labels of one family: the opinion on 20 is empty, the other for the statement. */
function sheetText(over: { market?: Hex; family?: string } = {}): string {
  const { question, statement, rubric } = market.terms;
  const about = { chainId: 31_337, contract: addresses.opinions, question, statement, rubric };
  const positions = [
    { owner: low, band: 4, staked: 1_000n, opinion: OPINION },
    { owner: high, band: 20, staked: 3_000n, opinion: OPINION },
  ];
  const family = over.family ?? "offline";
  const analyst = { analyst: family, family, model: `${family}-1`, prompt: textHash(family), settings: {} };
  const made = sheetOf({ ...about, market: over.market ?? market.id }, positions, [
    { ...analyst, labels: [EMPTY, FOR] },
  ]);
  if (!("sheet" in made)) throw new Error(made.unscored);
  return canonicalJson(made.sheet);
}

const keep = (text: string) =>
  keepContent(
    ledger.store,
    { kind: "sheet", bytes: bytesOf(text), signer: person(50) },
    { bytesPerDay: 10_000_000, targets: [] },
  );

/** What a provider hands over: its report, whose evidence names this sheet. */
async function report(seat: number, sheet: Hex): Promise<void> {
  const { question } = market.terms;
  const signer = person(60 + seat);
  const source = { name: "opinions", type: "opinions" as const, url: "", fetchedAt: START, status: null };
  const body = evidenceText({
    version: 1,
    chainId: 31_337,
    question,
    round: 0,
    provider: signer,
    value: "9000",
    reason: "",
    sources: [{ ...source, sha256: sheet, excerpt: "", value: "90", dropped: null }],
  });
  const { db } = ledger.store;
  const hash = evidenceHash(body);
  await sql`insert into oracle.reports values (${question}, 0, 1, ${signer}, ${seat}, ${1_000 + seat}, 9000, '0x', ${hash},
    '0x', ${START})`.execute(db);
  await sql`insert into oracle.evidence values (${hash}, ${body}, ${question}, 0, ${signer}, ${START})`.execute(
    db,
  );
}

const answer = () => ledger.block([answered(market.terms.question, 9_000n, ledger.head.timestamp + 60)]);
const scored = () =>
  ledger.block([
    emitted.opinions("Scored", {
      market: market.id,
      score: 71,
      confidence: 10_000,
      total: 4_000n,
      count: 2n,
      round: 7n,
    }),
  ]);

async function scores(query = ""): Promise<z.infer<typeof scoredOpinionPage>> {
  const reply = await app.inject(`/v1/opinion-markets/${market.id}/scores${query}`);
  expect(reply.statusCode).toBe(200);
  return scoredOpinionPage.parse(JSON.parse(reply.body));
}

test("labels are told with the answer and not before, whatever was handed over", async () => {
  const { sha256, cid } = await keep(sheetText());
  await report(0, sha256);
  await report(1, sha256);
  const sealed = await scores();
  expect([sealed.sheets, sealed.items.map(({ labels }) => labels)]).toEqual([[], [[], []]]);
  await answer();
  const { sheets, items, score, weightOfAll } = await scores("?limit=10");
  expect(sheets).toMatchObject([
    {
      cid,
      sha256,
      complaint: null,
      comes: { score: 90, families: [{ family: "offline", scoreBps: 9_000 }], leftOut: 0 },
      reports: [
        { signer: person(60), weight: "1000" },
        { signer: person(61), weight: "1001" },
      ],
    },
  ]);
  const from = { cid, analyst: "offline", family: "offline" };
  expect(items.map(({ owner, labels }) => [owner, labels])).toEqual([
    [
      high,
      [
        {
          ...from,
          stance: 8_000,
          quality: 60,
          parts: PARTS,
          keep: true,
          reason: "It is argued so.",
          weight: "180000",
        },
      ],
    ],
    [low, [{ ...from, stance: 0, quality: 0, parts: NONE, keep: false, reason: "empty", weight: "0" }]],
  ]);
  // The market has no score yet, so nothing is weighed.
  expect([score, weightOfAll, items.map(({ weight, share, pays }) => [weight, share, pays])]).toEqual([
    null,
    null,
    [
      [null, null, null],
      [null, null, null],
    ],
  ]);
});

test("a scored market tells each opinion's weight, share and pay-out, over pages", async () => {
  await answer();
  await scored();
  const first = await scores("?limit=1");
  const rest = await scores(`?limit=1&cursor=${need(first.next, "a second page")}`);
  expect(rest.next).toBeNull();
  // Distances 29 and 51: 71^4 and 49^4 for each unit, of the 3,520 that are left without fee and prizes.
  expect([first, rest].map((one) => [one.score, one.weightOfAll])).toEqual([
    [71, "81999844000"],
    [71, "81999844000"],
  ]);
  expect([...first.items, ...rest.items]).toMatchObject([
    { owner: high, stance: 100, weight: "76235043000", share: 929_697, pays: "3272", due: "3272", paid: "0" },
    { owner: low, stance: 20, weight: "5764801000", share: 70_302, pays: "247", due: "247", paid: "0" },
  ]);
  await ledger.block([emitted.opinions("Claimed", { market: market.id, owner: low, paid: 247n })]);
  expect(at((await scores(`?owner=${low}`)).items, 0)).toMatchObject({ pays: "247", due: "0", paid: "247" });
});

test("a void market weighs nothing, and says what is given back", async () => {
  await ledger.block([emitted.opinions("Voided", { market: market.id, why: "invalid" })]);
  const { items, score } = await scores();
  expect(score).toBeNull();
  expect(items).toMatchObject([
    { owner: high, weight: null, share: null, pays: null, due: "3000" },
    { owner: low, weight: null, share: null, pays: null, due: "1000" },
  ]);
});

test("a sheet that is away, lies or is another market's labels nothing, and it is said why", async () => {
  const honest = labelSheet.parse(JSON.parse(sheetText()));
  const lie = await keep(canonicalJson({ ...honest, score: 12 }));
  const other = await keep(sheetText({ market: textHash("another") }));
  const erased = await keep(sheetText({ family: "erased" }));
  await eraseContent(ledger.store, erased.sha256);
  const away = textHash("nobody has it");
  const good = await keep(sheetText());
  for (const [seat, sha256] of [lie.sha256, other.sha256, erased.sha256, away, good.sha256].entries())
    await report(seat, sha256);
  await answer();
  // Twice: what was worked out once is remembered.
  for (const limit of [5, 6]) {
    const { sheets, items } = await scores(`?limit=${limit}`);
    expect(sheets.map(({ cid, complaint, comes }) => [cid, complaint, comes?.score ?? null])).toEqual([
      [lie.cid, "its labels come to 90, not 12", null],
      [other.cid, "it is of another market", null],
      [erased.cid, "it is not kept here", null],
      [cidOf(away), "it is not kept here", null],
      [good.cid, null, 90],
    ]);
    expect(items.map(({ labels }) => labels.map(({ cid }) => cid))).toEqual([[good.cid], [good.cid]]);
  }
});

const statusOf = async (path: string) => (await app.inject(`/v1/opinion-markets/${path}`)).statusCode;
test("what no market has is refused as elsewhere", async () => {
  expect(await statusOf(`${textHash("none")}/scores`)).toBe(404);
  expect(await statusOf(`${market.id}/scores?cursor=nonsense`)).toBe(400);
});
