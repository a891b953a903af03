import { expect, test } from "vitest";
import type { api, Call } from "../../api.ts";
import { noteTold } from "../../told.ts";
import { createSteps, type Opened } from "./create-steps.ts";
import { newDraft } from "./draft.ts";
import { planOf } from "./plan.ts";

const HUB = 31_337;
const NOW = 1_747_000_000;
const OWNER = `0x${"33".repeat(20)}`;

const call = (purpose: string): Call => ({ chainId: HUB, to: "0x1", data: "0x", value: "0", purpose });

/** What was asked of server and wallet, in that order, by a wallet that sends several calls as one on these chains. */
async function create(atomicOn: number[], withMarket = true) {
  const did: string[] = [];
  const server = {
    prepareQuestion: async () => ({
      id: "0xq",
      terms: { nonce: "7" },
      schemaText: "{}",
      calls: [call("Let it take"), call("Ask")],
    }),
    prepareMarket: async ({ asking }: { asking?: object }) => {
      did.push(asking ? `prepare on ${JSON.stringify(asking)}` : "prepare on what is known");
      return { id: "0xm", calls: [call("Open the market")] };
    },
    getQuestion: async () => ({}),
    getMarket: async () => ({}),
  } as unknown as typeof api;
  const wallet = {
    account: { address: OWNER, name: undefined, test: false, atomicOn, sponsoredOn: [] },
    sendAll: async (calls: readonly Call[]) => {
      did.push(calls.map(({ purpose }) => purpose).join(", "));
    },
  };
  const { plan } = planOf({ ...newDraft(NOW, true), text: "Will it rain in Berlin on 12 May?" }, NOW, 6);
  if (!plan) throw new Error("no plan");
  const opened: Opened[] = [];
  const asked = withMarket ? plan : { ...plan, market: null };
  const steps = await createSteps(wallet, asked, OWNER, (one) => opened.push(one), server);
  for (const id of ["0xq", "0xm"]) noteTold(id);
  for (const step of steps) await step.run(() => {});
  return { did, opened, titles: steps.map(({ title }) => title) };
}

test("where the wallet sends several calls as one, question and market are confirmed once", async () => {
  expect(await create([HUB])).toEqual({
    titles: ["Let it take, and 2 more, all in one", "Wait until it is listed"],
    did: ['prepare on {"terms":{"nonce":"7"},"schemaText":"{}"}', "Let it take, Ask, Open the market"],
    opened: [{ to: "/markets/$id", id: "0xm" }],
  });
});

test("where it sends one after the other, the market is prepared once the question is known", async () => {
  expect(await create([])).toEqual({
    titles: ["Let it take", "Ask", "Open the market on it", "Wait until it is listed"],
    did: ["Let it take", "Ask", "prepare on what is known", "Open the market"],
    opened: [{ to: "/markets/$id", id: "0xm" }],
  });
});

test("a question without a market is asked, and nothing is prepared on it", async () => {
  expect(await create([HUB], false)).toEqual({
    titles: ["Let it take, then ask, all in one", "Wait until it is listed"],
    did: ["Let it take, Ask"],
    opened: [{ to: "/questions/$id", id: "0xq" }],
  });
});
