import type { Chain } from "@sooth/chain";
import { createApp, logger } from "@sooth/runtime";
import type { Store } from "@sooth/store";
import { afterAll, beforeAll, expect, test } from "vitest";
import { oracleStore } from "../../test/database.ts";
import { addresses, boolSchema, clock, OPENS, stranger } from "../../test/people.ts";
import { oracleRoutes } from "./routes.ts";

let store: Store;
let drop: () => Promise<void>;
beforeAll(async () => {
  ({ store, drop } = await oracleStore());
});
afterAll(() => drop());
const config = { ORACLE_MIN_PROVIDERS: 4, ORACLE_MIN_REWARD: 1_000n, ORACLE_RESOLVE_DEPOSIT: 0n };
const log = logger("test");

test.each<[string, object, object, string]>([
  ["a reward below the server's least", {}, { reward: "999" }, "oracle.reward_too_small"],
  ["a text that turns itself round", { text: "Will \u202eseod\u202c it rain?" }, {}, "oracle.bad_schema"],
  ["a hidden character in an outcome", { outcomes: ["No", "Yes\u2066"] }, {}, "oracle.bad_schema"],
  ["a moment that is no date", { observeAt: 253_402_300_800 }, {}, "http.bad_request"],
])("prepares no question with %s", async (_, over, wish, code) => {
  const limits: Record<string, number | bigint> = {
    LOWEST_WINDOW: 2,
    MAX_LIVENESS: 192,
    UNIT: 1_000_000n,
    MAX_QUESTION_SECONDS: 90_000,
    EPOCH_SECONDS: 30,
    COMMIT_TIER: 1_000_000_000_000n,
  };
  const client = { readContract: async (call: { functionName: string }) => limits[call.functionName] };
  const hub = { ...clock(OPENS).chain, client } as unknown as Chain;
  const server = await createApp({ log, version: "0" });
  oracleRoutes(server, { store, hub, addresses, config, log });
  const response = await server.inject({
    method: "POST",
    url: "/v1/questions/prepare",
    payload: {
      schema: { ...boolSchema(), ...over },
      opensAt: OPENS,
      deadline: OPENS + 1_000,
      liveness: 60,
      reward: "1000",
      asker: stranger.address,
      ...wish,
    },
  });
  await server.close();
  expect([response.statusCode, response.json<{ error: { code: string } }>().error.code]).toEqual([400, code]);
});
