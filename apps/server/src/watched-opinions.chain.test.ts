import { type Analyst, offlineAnalyst, openPanel } from "@sooth/markets";
import { readSheet } from "@sooth/markets/core";
import { at, type Hex } from "@sooth/kernel";
import { readEvidence, type wireSecurityEvent } from "@sooth/oracle/core";
import { privateKeyToAccount } from "viem/accounts";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { z } from "zod";
import { laptopSigners, openOpinionStage, type OpinionStage } from "../test/opinion-stage.ts";

const HOUR = 3_600;
const WATCHER_KEY = `0x${"5a".repeat(32)}` as const;
const watcher = privateKeyToAccount(WATCHER_KEY).address.toLowerCase() as Hex;
let stage: OpinionStage;
beforeAll(async () => {
  stage = await openOpinionStage({ WATCHER_KEY });
  await stage.fuel(watcher);
}, 180_000);
afterAll(() => stage.close());

/** A family that was bought: whatever somebody wrote is wholly for the statement, and perfect. */
const bought: Analyst = {
  analyst: "bought",
  family: "bought",
  model: "bought-1",
  prompt: `0x${"00".repeat(32)}`,
  settings: {},
  label: async ({ texts }) => ({
    done: true,
    labels: texts.map(() => ({
      stance: 10_000,
      quality: 100,
      parts: { clarity: 20, insight: 30, reasoning: 30, originality: 20 },
      rejection: null,
    })),
  }),
};
const OPINIONS = [
  ["Zoos breed endangered species, so closing them would end animals that live nowhere else.", 2],
  ["Children learn to love animals in zoos, and later protect them in the wild.", 4],
  ["Zoos should be closed because animals suffer in small cages and go mad with boredom.", 18],
] as const;

type Shown = {
  status: string;
  value: string;
  finalizeAt: number;
  reports: { value: string }[];
  veto: { watcher: string; at: number; reason: { text: string | null } | null } | null;
};
type Event = z.infer<typeof wireSecurityEvent>;

const textAt = async (where: string) => (await fetch(new URL(where, stage.stack.url))).text();

test(
  "a quorum that lies about opinions is contradicted by a watcher with its own labels, and put off where it is named",
  { timeout: 240_000 },
  async () => {
    const lying = openPanel([bought]);
    const honest = openPanel([offlineAnalyst()]);
    const signers = laptopSigners(stage);
    stage.provide(signers.map((signer, index) => ({ signer, analyst: index < 3 ? lying : honest })));
    const [asker, ...people] = await Promise.all([...OPINIONS, 0].map(() => stage.person()));
    if (!asker) throw new Error("nobody asks");
    const closesAt = (await stage.stack.hub.now()) + HOUR;
    const opinion = { closesAt, liveness: 600 };
    const named = await stage.putUp(asker, { ...opinion, statement: "Zoos should be closed", watcher });
    const two = await stage.putUp(asker, { ...opinion, statement: "All zoos should be closed", families: 2 });
    const sure = { ...opinion, statement: "No zoo should be open", confidence: 5_001 };
    const surer = await stage.putUp(asker, sure);
    for (const market of [named, two, surer])
      for (const [index, [text, band]] of OPINIONS.entries())
        await market.stake(at(people, index), { text, band });
    await stage.turnTo(closesAt);

    const put = await stage.until("a veto", 120, async () => {
      const shown = await stage.api<Shown>("GET", `/v1/questions/${named.question}`);
      return shown.veto !== null && shown;
    });
    expect(put.value).toBe("10000");
    expect(put.veto?.watcher).toBe(watcher);

    const event = await stage.until("an event", 60, async () => {
      const { items } = await stage.api<{ items: Event[] }>("GET", "/v1/security/events?rule=watcher");
      return items.find(({ subject }) => subject === named.question);
    });
    expect(event.state).toBe("open");

    // What it found rests on its own labels, which everybody can read and redo.
    const read = readEvidence(await textAt(`/v1/evidence/${event.evidence}`));
    if (!("bundle" in read)) throw new Error(read.complaint);
    const { value, provider, sources } = read.bundle;
    expect(provider).toBe(watcher);
    // Beyond the question's tolerance of five points, by far.
    expect(Number(value)).toBeLessThan(7_500);
    expect(event.summary).toBe(`a watcher reads ${value} where the answer is 10000`);
    const sheet = readSheet(await textAt(`/v1/content/${at(sources, 0).sha256}`));
    if (!("sheet" in sheet)) throw new Error(sheet.complaint);
    expect(sheet.sheet.score * 100).toBe(Number(value));
    expect(sheet.sheet.families.map(({ family }) => family)).toEqual(["offline"]);
    expect(put.veto?.reason?.text).toContain(named.question);

    // Who has labels of one family answers no question that wants two, whoever bought it.
    const wanting = await stage.api<Shown>("GET", `/v1/questions/${two.question}`);
    expect([wanting.status, wanting.reports]).toEqual(["open", []]);
    const { items: tried } = await stage.api<{ items: { reason: string }[] }>(
      "GET",
      `/v1/questions/${two.question}/attempts`,
    );
    expect(tried.map(({ reason }) => reason)).toContainEqual(
      expect.stringContaining("labels of 1 families of models, and the question wants 2"),
    );

    // And labels of one family are never as sure as a question that wants more than half.
    const doubted = await stage.api<Shown>("GET", `/v1/questions/${surer.question}`);
    expect([doubted.status, doubted.reports]).toEqual(["open", []]);
    const { items: again } = await stage.api<{ items: { reason: string }[] }>(
      "GET",
      `/v1/questions/${surer.question}/attempts`,
    );
    expect(again.map(({ reason }) => reason)).toContainEqual(
      expect.stringMatching(/labels with a confidence of [\d.]+ percent, and the question wants 50.01/),
    );
  },
);
