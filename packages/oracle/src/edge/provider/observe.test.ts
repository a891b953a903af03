import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { numericSchema } from "../../../test/people.ts";
import { evidenceText, readEvidence, TOO_EARLY } from "../../core/index.ts";
import { bundleOf, observe } from "./observe.ts";

const ANSWERS: Record<string, [number, string]> = {
  good: [200, '{"p":"2315.505"}'],
  cents: [200, '{"p":231550}'],
  missing: [404, "not found"],
  early: [425, ""],
  null: [200, '{"p":null}'],
  html: [200, "<html>\u0000</html>"],
  list: [200, '{"p":[1,2]}'],
  words: [200, '{"p":"about 2300"}'],
  huge: [200, `{"p":1e${"9".repeat(30)}}`],
};
let server: Server;
let origin: string;
beforeAll(async () => {
  server = createServer((request, response) => {
    const [status, body] = ANSWERS[(request.url ?? "").slice(1)] ?? [500, "broken"];
    response.writeHead(status).end(body);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, "close");
});

const look = (names: readonly string[], over: Record<string, object> = {}) =>
  observe(
    {
      schema: numericSchema({
        sources: names.map((name) => ({
          name,
          url: `${origin}/${name}`,
          path: "p",
          unit: "USD",
          ...over[name],
        })),
      }),
    },
    { min: 0n, max: 10_000_000n },
    1_750_000_010,
    { allowedOrigins: [origin], signal: new AbortController().signal, retries: 0 },
  );

test("whatever a source does costs its own voice, and is told", async () => {
  const names = ["good", "cents", "html", "list", "words", "huge", "broken", "euro", "elsewhere"];
  const { finding, sources } = await look(names, {
    cents: { unit: "cents", scale: -2 },
    euro: { unit: "EUR" },
    elsewhere: { url: "http://169.254.169.254/latest/meta-data" },
  });
  expect(finding.do).toBe("abstain");
  expect(Object.fromEntries(sources.map(({ name, value, dropped }) => [name, dropped ?? value]))).toEqual({
    good: "2315.505",
    cents: "2315.5",
    html: "has something that is no JSON where a number should be",
    list: "has a list where a number should be",
    words: '"about 2300" is not a decimal number',
    huge: `"1e${"9".repeat(30)}" is not a decimal number`,
    broken: "it answered with HTTP 500",
    euro: "it answered with HTTP 500",
    elsewhere: "http://169.254.169.254 is not among the origins that this provider reads",
  });
});

test("a unit that nobody asked for is no figure", async () => {
  const { sources } = await look(["good"], { good: { unit: "EUR" } });
  expect(sources[0]?.dropped).toBe("tells EUR, the question asks for USD");
});

test("nothing there yet, in all the ways that sources say it", async () => {
  const { finding } = await look(["missing", "early", "null"]);
  expect(finding).toMatchObject({
    do: "sign",
    value: TOO_EARLY,
    reason: "3 of 3 sources have no figure yet",
  });
});

test("what was read goes into a bundle that reads back", async () => {
  const { finding, sources } = await look(["good", "cents", "html"], { cents: { unit: "cents", scale: -2 } });
  if (finding.do !== "sign") throw new Error("it abstained");
  expect([finding.value, finding.reason]).toEqual([
    231_550n,
    "the median of 2 of 3 sources is 2315.5: 2,315.5 USD",
  ]);
  const head = {
    chainId: 1,
    question: `0x${"01".repeat(32)}`,
    round: 0,
    provider: `0x${"02".repeat(20)}`,
  } as const;
  const bundle = bundleOf(head, finding, sources);
  expect(readEvidence(evidenceText(bundle))).toEqual({ bundle });
  expect(bundle.sources[2]?.excerpt).toBe("<html>\u0000</html>");
});
