import { defineErrors } from "@sooth/kernel";
import { expect, test } from "vitest";
import { z } from "zod";
import { post, raw, running, told, type ErrorAnswer } from "../../test/http.ts";
import { plainText } from "../plain-text.ts";
import type { App } from "./options.ts";

const PetError = defineErrors("pet", {
  asleep: {
    status: 503,
    retry: true,
    text: (d: { retryAfterSeconds: number }) => `asleep for ${d.retryAfterSeconds} s`,
  },
  owned: { status: 409, text: (d: { price: bigint }) => `owned, for ${d.price}` },
});

function routes(app: App): void {
  app.post(
    "/v1/pets",
    {
      schema: {
        body: z.object({ name: plainText({ min: 1, max: 50 }), legs: z.number().int() }),
        response: { 200: z.object({ name: z.string() }) },
      },
    },
    (request) => ({ name: request.body.name }),
  );
  app.get(
    "/v1/pets/:id",
    { schema: { params: z.object({ id: z.string() }), response: { 200: z.object({ id: z.string() }) } } },
    (request) => {
      if (request.params.id === "asleep") throw PetError.asleep({ retryAfterSeconds: 7 });
      if (request.params.id === "wrapped")
        throw new Error("a library's words", { cause: PetError.asleep({ retryAfterSeconds: 7 }) });
      if (request.params.id === "owned") throw PetError.owned({ price: 5n });
      if (request.params.id === "broken") throw new Error("cannot reach postgres://sooth:hunter2@db");
      if (request.params.id === "wrong") return { id: 5 as unknown as string };
      return request.params.id === "more"
        ? ({ id: "more", secret: 1 } as { id: string })
        : { id: request.params.id };
    },
  );
}

test("bodies that are not what they should be", async () => {
  const { url } = await running({ bodyLimitBytes: 100_000 }, routes);
  const pets = `${url}/v1/pets`;
  expect(await told(post(pets, "{"))).toBe("400 http.bad_json");
  expect(await told(post(pets, ""))).toBe("400 http.bad_json");
  expect(await told(post(pets, '{"name":"a","legs":4,"__proto__":{"admin":true}}'))).toBe(
    "400 http.bad_json",
  );
  expect(await told(post(pets, '{"name":"a","legs":4,"constructor":{"prototype":{"admin":true}}}'))).toBe(
    "400 http.bad_json",
  );
  expect(await told(post(pets, "name=a", "application/x-www-form-urlencoded"))).toBe(
    "415 http.unsupported_type",
  );
  expect(await told(post(pets, '{"name":"a","legs":4}', "text/plain"))).toBe("415 http.unsupported_type");
  expect(await told(post(pets, JSON.stringify({ name: "a".repeat(1_000_000), legs: 4 })))).toBe(
    "413 http.too_large",
  );
  expect(await told(post(pets, `${"[".repeat(50_000)}${"]".repeat(49_000)}`))).toBe("400 http.bad_json");
  expect(await told(post(pets, `${"[".repeat(40_000)}${"]".repeat(40_000)}`))).toBe("400 http.bad_request");
  expect(await told(fetch(pets, { method: "POST" }))).toBe("400 http.bad_request");
});

test("a wrong field is named", async () => {
  const { url } = await running({}, routes);
  const answer = await post(`${url}/v1/pets`, '{"name":"a","legs":"four"}');
  const { error } = (await answer.json()) as ErrorAnswer;
  expect([answer.status, error.code]).toEqual([400, "http.bad_request"]);
  expect(error.message).toMatch(/^body\.legs: .*number/);
  expect(answer.headers.get("x-request-id")).toBe(error.requestId);
});

test("text of every script is taken, text that deceives is not", async () => {
  const { url } = await running({}, routes);
  const name = "👩‍👩‍👧 هل ترتفع\u200F؟";
  expect(await (await post(`${url}/v1/pets`, JSON.stringify({ name, legs: 4 }))).json()).toEqual({ name });
  for (const bad of ["a\u202Eb", "a\u0000b", "\uD83D"])
    expect(await told(post(`${url}/v1/pets`, JSON.stringify({ name: bad, legs: 4 })))).toBe(
      "400 http.bad_request",
    );
});

test("an error of a table goes out with its data; bigints as decimal strings; retry-after where it may pass", async () => {
  const { url } = await running({}, routes);
  const asleep = await fetch(`${url}/v1/pets/asleep`);
  expect(asleep.headers.get("retry-after")).toBe("7");
  expect(await told(asleep)).toBe("503 pet.asleep");
  expect(await told(fetch(`${url}/v1/pets/wrapped`))).toBe("503 pet.asleep");
  const owned = await fetch(`${url}/v1/pets/owned`);
  expect(owned.headers.get("retry-after")).toBeNull();
  expect(await owned.json()).toMatchObject({
    error: { code: "pet.owned", message: "owned, for 5", data: { price: "5" } },
  });
});

test("an unexpected error tells nothing outside, and everything to the log, under one id", async () => {
  const { url, lines } = await running({}, routes);
  const answer = await fetch(`${url}/v1/pets/broken`);
  const text = await answer.text();
  const { error } = JSON.parse(text) as ErrorAnswer;
  expect([answer.status, error.code]).toEqual([500, "http.internal"]);
  expect(text).not.toContain("postgres");
  const logged = lines.filter((line) => line.includes(error.requestId)).join("");
  expect(logged).toContain("request failed");
  expect(logged).not.toContain("hunter2");
});

test("an answer that is not what its schema says never leaves, where all are checked", async () => {
  const { url, lines } = await running({ checkAnswers: "all" }, routes);
  expect(await told(fetch(`${url}/v1/pets/wrong`))).toBe("500 http.internal");
  expect(await told(fetch(`${url}/v1/pets/more`))).toBe("500 http.internal");
  expect(lines.join("")).toContain("an answer is not what its schema says");
});

test("where some are checked, the first wrong one is logged and sent", async () => {
  const { url, lines } = await running({ checkAnswers: "some" }, routes);
  expect(await (await fetch(`${url}/v1/pets/more`)).json()).toEqual({ id: "more", secret: 1 });
  expect(lines.join("")).toContain("members that the schema does not name");
});

test("unknown paths and methods", async () => {
  const { url } = await running({}, routes);
  expect(await told(fetch(`${url}/v1/nothing?x=1`))).toBe("404 http.not_found");
  expect(await told(fetch(`${url}/v1/pets`, { method: "PUT", body: "{}" }))).toBe(
    "405 http.method_not_allowed",
  );
  expect(await told(fetch(`${url}/v1/pets/%E0%A4%A`))).toBe("400 http.malformed");
  expect(await told(fetch(`${url}/v1/pets/${"a".repeat(5000)}`))).toBe("414 http.url_too_long");
  expect(await told(fetch(`${url}/v1/pets/${"a".repeat(200)}`))).toBe("414 http.url_too_long");
});

test("what is not HTTP, or too much of it, or too slow", async () => {
  const { port } = await running({ headersTimeoutMs: 300, requestTimeoutMs: 600 }, routes);
  const [garbage, huge, slowHeaders, slowBody] = await Promise.all([
    raw(port, "\u0016\u0003\u0001 hello\r\n\r\n"),
    raw(port, `GET / HTTP/1.1\r\nhost: a\r\nx: ${"a".repeat(20_000)}\r\n\r\n`),
    raw(port, "GET / HTTP/1.1\r\nhost: a\r\nx-slow"),
    raw(
      port,
      "POST /v1/pets HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: 50\r\n\r\n{",
    ),
  ]);
  expect(garbage).toMatch(/^HTTP\/1.1 400 [^]*http\.malformed/);
  expect(huge).toMatch(/^HTTP\/1.1 431 [^]*http\.headers_too_large/);
  expect(slowHeaders).toMatch(/^HTTP\/1.1 408 [^]*http\.timed_out/);
  expect(slowBody).toMatch(/^HTTP\/1.1 408 /);
});

test("a query with a name that its route does not know is refused, and not answered without it", async () => {
  const { url } = await running({}, (app) =>
    app.get(
      "/v1/pets",
      {
        schema: {
          querystring: z.object({ legs: z.coerce.number().optional() }),
          response: { 200: z.string() },
        },
      },
      ({ query }) => `${query.legs ?? "any"}`,
    ),
  );
  expect(await (await fetch(`${url}/v1/pets?legs=4`)).json()).toBe(4);
  const answer = await fetch(`${url}/v1/pets?leg=4`);
  expect(answer.status).toBe(400);
  expect(((await answer.json()) as ErrorAnswer).error).toMatchObject({
    code: "http.bad_request",
    data: { field: "query", problem: 'must not have "leg"' },
  });
});
