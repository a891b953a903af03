import {
  questionId,
  questionSchema,
  schemaHash,
  schemaText,
  type Terms,
  termsToWire,
} from "@sooth/oracle/core";
import { expect, test } from "vitest";
import type { Server } from "../bundle/network.ts";
import { askedQuestion, lastMoment } from "./asked.ts";

const NOW = 1_800_000_000;
const schema = questionSchema.parse({
  version: 1,
  text: "Is it so by then?",
  kind: "bool",
  outcomes: ["No", "Yes"],
  observeAt: NOW + 1_000,
});
const terms: Terms = {
  asker: `0x${"11".repeat(20)}`,
  schema: schemaHash(schemaText(schema)),
  aggregation: "plurality",
  min: 0n,
  max: 1n,
  tolerance: 0n,
  opensAt: NOW + 5_000,
  deadline: NOW + 6_000,
  liveness: 60,
  reward: 0n,
  nonce: 1n,
  domain: 0,
  endsEarly: false,
  secures: 0n,
};
const id = questionId(terms);
const serverThatTells = (told: unknown) =>
  ({ api: { get: async () => ({ terms: termsToWire(terms), schema: told }) } }) as unknown as Server;

test("an order ends before the moment that the question was asked about, whatever a server says that is", async () => {
  expect(lastMoment(await askedQuestion(serverThatTells(schema), id, 0), NOW)).toBe(NOW + 999);
  for (const lie of [{ ...schema, observeAt: NOW + 4_000 }, { observeAt: NOW + 4_000 }, {}]) {
    const asked = await askedQuestion(serverThatTells(lie), id, 0);
    expect(() => lastMoment(asked, NOW)).toThrow("nothing was signed or sent");
  }
});
