import { oracleAbi } from "@sooth/abi";
import type { Chain } from "@sooth/chain";
import { at, type Hex } from "@sooth/kernel";
import { logger } from "@sooth/runtime";
import { sql, type Store } from "@sooth/store";
import { decodeFunctionData } from "viem";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { oracleStore } from "../../test/database.ts";
import { addresses, ask, asked, boolSchema, clock } from "../../test/people.ts";
import { DISPUTER } from "../../test/quarrel.ts";
import { lateFrom } from "../core/index.ts";
import type { ApiDeps } from "./deps.ts";
import { prepareDispute } from "./prepare-dispute.ts";

let store: Store;
let drop: () => Promise<void>;
beforeAll(async () => {
  ({ store, drop } = await oracleStore());
});
afterAll(() => drop());
beforeEach(async () => {
  await sql`truncate oracle.questions, oracle.disputes cascade`.execute(store.db);
  await ask(store.db, question);
});

const question = asked(boolSchema());
const late = lateFrom(question.terms);
const { deadline } = question.terms;
/** He holds nothing, so that the deposit has to be brought. */
const PURSE: Record<string, bigint> = { creditOf: 0n, allowance: 0n, balanceOf: 10n ** 12n };

const depsAt = (now: number): ApiDeps => {
  const { chain } = clock(now);
  const known = chain.client.readContract as unknown as (of: { functionName: string }) => Promise<unknown>;
  const readContract = async (of: { functionName: string }) => PURSE[of.functionName] ?? (await known(of));
  return {
    store,
    hub: { ...chain, client: { readContract } } as unknown as Chain,
    addresses,
    config: {
      ORACLE_MIN_PROVIDERS: 4,
      ORACLE_MIN_REWARD: 0n,
      ORACLE_RESOLVE_DEPOSIT: 0n,
    } as ApiDeps["config"],
    log: logger("test"),
  };
};
const prepare = (now: number, claim: string) =>
  prepareDispute(depsAt(now), question.id, { account: DISPUTER, claim });
const codeAt = (now: number, claim: string) =>
  prepare(now, claim).then(
    () => "taken",
    (error: { code: string }) => error.code,
  );

test("silence is objected to with the terms and the claim, for the deposit of any dispute", async () => {
  const prepared = await prepare(late, "yes");
  expect(prepared).toMatchObject({ claim: "1", deposit: "250000000", bounty: "0", closesAt: deadline });
  const { functionName, args } = decodeFunctionData({
    abi: oracleAbi,
    data: at(prepared.calls, prepared.calls.length - 1).data as Hex,
  });
  expect([functionName, args?.[1]]).toEqual(["disputeSilence", 1n]);
  expect(args?.[0]).toMatchObject({ deadline });
});

test("before it is late and after the deadline there is nothing to object to", async () => {
  expect(await codeAt(late - 1, "yes")).toBe("dispute.not_disputable");
  expect(await codeAt(deadline, "yes")).toBe("taken");
  expect(await codeAt(deadline + 1, "yes")).toBe("dispute.not_disputable");
});

test("what silence says already, and what is no outcome, is no claim", async () => {
  expect(await codeAt(late, "invalid")).toBe("dispute.bad_claim");
  expect(await codeAt(late, "too early")).toBe("dispute.bad_claim");
  expect(await codeAt(late, "perhaps")).toBe("dispute.bad_claim");
});
