import { at } from "@sooth/kernel";
import { expect, test } from "vitest";
import { ApiError, type Call, type Position } from "../../api.ts";
import type { HeldOpinion } from "../market/portfolio-csv.ts";
import { callSteps } from "../steps/call-steps.ts";
import { type Claimable, claimableOpinions, claimCalls, marketsToClaim, sumToClaim } from "./claim-calls.ts";

const OWNER = "0xAbC1";
const position = (id: string, claimable: string) =>
  ({ market: { id, title: `pool ${id}` }, claimable }) as unknown as Position;
const opinion = (market: string, due: string, prizes: readonly object[] = []) =>
  ({
    market,
    owner: OWNER.toLowerCase(),
    due,
    on: { statement: `statement ${market}`, prizes },
  }) as unknown as HeldOpinion;
const prize = (winner: string, amount: string, paidTo: string | null = null) => ({ winner, amount, paidTo });
const call = (to: string, purpose: string): Call => ({ chainId: 1, to, data: "0x", value: "0", purpose });

const gone = (code: string) => new ApiError({ code, message: "nothing", status: 409 });

/** A server that has nothing to pay in the markets named, because somebody else had it paid. */
function serverWithout(paid: readonly string[]) {
  const asked: string[] = [];
  return {
    asked,
    api: {
      prepareClaims: async ({ id }: { id: string }) => {
        asked.push(id);
        if (paid.includes(id)) throw gone("markets.nothing_to_claim");
        return { calls: [call(id, "Claim")] };
      },
      prepareOpinionClaim: async ({ id }: { id: string }) => {
        asked.push(id);
        if (paid.includes(id)) throw gone("opinions.nothing_to_claim");
        return { calls: [call(id, "Claim"), call(id, "Claim prize 1")] };
      },
    } as unknown as Parameters<typeof claimCalls>[0],
  };
}
const ALL: Claimable = {
  positions: [position("p1", "5"), position("p1", "7"), position("p2", "0"), position("p3", "1")],
  opinions: [
    opinion("o1", "100", [prize("0xABC1", "10"), prize("0xabc1", "10", "0xabc1"), prize("0xd", "10")]),
  ],
};

test("pools and opinion markets are claimed together, each market once, its prizes too", async () => {
  const { api, asked } = serverWithout([]);
  const calls = await claimCalls(api, OWNER, ALL);
  expect(calls.map(({ purpose }) => purpose)).toEqual([
    "Claim “pool p1”",
    "Claim “pool p3”",
    "Claim “statement o1”",
    "Claim prize 1: “statement o1”",
  ]);
  expect(asked).toEqual(["p1", "p3", "o1"]);
  expect([sumToClaim(ALL), marketsToClaim(ALL)]).toEqual([123n, 3]);
});

test("what somebody else had paid meanwhile is left out; another failure is one", async () => {
  const calls = await claimCalls(serverWithout(["p1", "o1"]).api, OWNER, ALL);
  expect(calls.map(({ to }) => to)).toEqual(["p3"]);
  const broken = {
    ...serverWithout([]).api,
    prepareOpinionClaim: () => Promise.reject(new ApiError({ code: "x", message: "broken", status: 500 })),
  };
  await expect(claimCalls(broken, OWNER, ALL)).rejects.toThrow("broken");
});

test("where the wallet sends several as one, there is one confirmation; elsewhere one after the other", async () => {
  const calls = await claimCalls(serverWithout([]).api, OWNER, ALL);
  const wallet = (atomicOn: number[]) => ({
    account: { address: OWNER, name: undefined, test: false, atomicOn, sponsoredOn: [] },
    sendAll: async () => {},
  });
  expect(callSteps(wallet([1]), calls)).toHaveLength(1);
  expect(callSteps(wallet([]), calls)).toHaveLength(4);
});

test("a stop half way loses nothing: what was not sent is claimed by the next press, and nothing twice", async () => {
  const paid: string[] = [];
  let room = 2;
  const wallet = {
    account: undefined,
    sendAll: async (calls: readonly Call[]) => {
      if (room === 0) throw new Error("the owner said no");
      room -= 1;
      paid.push(...calls.map(({ to, purpose }) => `${to} ${purpose}`));
    },
  };
  const run = async () => {
    // What the chain paid is not due any more, as the server tells it.
    const left = ["p1", "p3", "o1"].filter((id) => paid.some((one) => one.startsWith(id)));
    for (const step of callSteps(wallet, await claimCalls(serverWithout(left).api, OWNER, ALL)))
      await step.run(() => {});
  };
  await expect(run()).rejects.toThrow("the owner said no");
  expect(paid).toHaveLength(2);
  room = 9;
  await run();
  expect(new Set(paid).size).toBe(4);
  expect(paid).toHaveLength(4);
});

test("all pages of what can be claimed are read", async () => {
  const pages = [
    { items: [opinion("o1", "1")], next: "a" },
    { items: [opinion("o2", "2")], next: null },
  ];
  const cursors: (string | undefined)[] = [];
  const listWalletOpinions = (async ({ cursor, claimable }: { cursor?: string; claimable?: string }) => {
    expect(claimable).toBe("true");
    cursors.push(cursor);
    return at(pages, cursors.length - 1);
  }) as unknown as Parameters<typeof claimableOpinions>[0]["listWalletOpinions"];
  const found = await claimableOpinions({ listWalletOpinions }, OWNER);
  expect(found.map(({ market }) => market)).toEqual(["o1", "o2"]);
  expect(cursors).toEqual([undefined, "a"]);
});
