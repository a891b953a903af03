import { expect, test } from "vitest";
import type { api, Call } from "../../api.ts";
import { noteTold } from "../../told.ts";
import { newDraft, planOf } from "./draft.ts";
import { putUpSteps } from "./put-up-steps.ts";

const HUB = 31_337;
const OWNER = `0x${"33".repeat(20)}`;
const draft = { ...newDraft(true), statement: "Cities should close their centres to cars." };
const means = {
  hub: { chainId: HUB, local: true },
  opinions: `0x${"11".repeat(20)}`,
  decimals: 6,
  lowestWindow: 10,
  unit: "1000000",
};

const call = (purpose: string): Call => ({ chainId: HUB, to: "0x1", data: "0x", value: "0", purpose });

/** A server that knows a question once it was sent, and what was asked of it and of the wallet, in that order. */
function world(atomicOn: number[]) {
  const did: string[] = [];
  const server = {
    prepareQuestion: async ({ secures }: { secures: string }) => {
      did.push(`ask for what secures ${secures}`);
      return {
        id: "0xq",
        terms: { nonce: "7" },
        schemaText: "{}",
        calls: [call("Let it take"), call("Ask")],
      };
    },
    prepareOpinionMarket: async ({ asking }: { asking?: object }) => {
      did.push(asking ? `prepare on ${JSON.stringify(asking)}` : "prepare on what is known");
      return { id: "0xm", calls: [call("Take its fee"), call("Announce")] };
    },
    getOpinionMarket: async () => ({}),
  } as unknown as typeof api;
  const wallet = {
    account: { address: OWNER, name: undefined, test: false, atomicOn, sponsoredOn: [] },
    sendAll: async (calls: readonly Call[]) => {
      did.push(calls.map(({ purpose }) => purpose).join(", "));
    },
  };
  return { did, server, wallet };
}

async function putUp(atomicOn: number[]) {
  const { did, server, wallet } = world(atomicOn);
  const { plan } = planOf(draft, 1_800_000_000, means);
  if (!plan) throw new Error("no plan");
  const up: string[] = [];
  const steps = await putUpSteps(wallet, plan, OWNER, (id) => up.push(id), server);
  for (const id of ["0xq", "0xm"]) noteTold(id);
  for (const step of steps) await step.run(() => {});
  return { did, up, titles: steps.map(({ title }) => title) };
}

test("where the wallet sends several calls as one, all of it is confirmed once", async () => {
  expect(await putUp([HUB])).toEqual({
    titles: ["Let it take, and 3 more, all in one", "Wait until it is listed"],
    did: [
      "ask for what secures 500000000",
      'prepare on {"terms":{"nonce":"7"},"schemaText":"{}"}',
      "Let it take, Ask, Take its fee, Announce",
    ],
    up: ["0xm"],
  });
});

test("where it sends one after the other, the market is prepared once the question is known", async () => {
  expect(await putUp([])).toEqual({
    titles: ["Let it take", "Ask", "Put the statement up", "Wait until it is listed"],
    did: [
      "ask for what secures 500000000",
      "Let it take",
      "Ask",
      "prepare on what is known",
      "Take its fee, Announce",
    ],
    up: ["0xm"],
  });
});
