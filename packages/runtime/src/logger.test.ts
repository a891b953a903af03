import { afterEach, expect, test } from "vitest";
import { configureLogs, logger } from "./logger.ts";

const lines: string[] = [];
const capture = () => {
  lines.length = 0;
  configureLogs({ level: "info", sink: { write: (line) => lines.push(line) } });
  return logger("test");
};
afterEach(() => configureLogs({ level: "info", sink: process.stdout }));

const KEY = `0x${"ab".repeat(32)}`;

test("writes one JSON line with level, time, name and message", () => {
  capture().info({ market: 7 }, "opened");
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(/\n$/);
  expect(JSON.parse(lines[0] ?? "")).toMatchObject({ level: "info", name: "test", market: 7, msg: "opened" });
  expect((JSON.parse(lines[0] ?? "") as { time: string }).time).toMatch(/^\d{4}-\d\d-\d\dT/);
});

test.each([
  ["a member's name", { privateKey: KEY }],
  ["a deep member", { account: { private_key: KEY } }],
  ["a list", { tokens: [KEY, "x"] }],
  ["a header", { headers: { authorization: `Bearer ${KEY}` } }],
  ["32 bytes under a name with key", { relayerKey: KEY }],
  ["32 bytes after the word key in a text", { note: `started with key ${KEY}` }],
  ["a password in a database url", { url: `postgres://sooth:${KEY}@db/sooth` }],
  ["a key in the path of an RPC url", { rpc: `https://node.example/v2/${KEY.slice(2, 42)}` }],
])("hides secrets in %s", (_, fields) => {
  capture().info(fields, "x");
  expect(lines[0]).toContain("[redacted]");
  expect(lines[0]).not.toContain(KEY.slice(2, 42));
});

test("hides secrets in a child's bindings, in messages and in error stacks", () => {
  const log = capture();
  log.child({ password: "hunter2" }).info("x");
  log.info(`DATABASE_URL=postgres://sooth:hunter2@db/sooth`);
  log.error({ err: new Error("cannot reach postgres://sooth:hunter2@db/sooth") }, "x");
  expect(lines).toHaveLength(3);
  expect(lines.join("")).not.toContain("hunter2");
});

test("keeps hashes and addresses that are not keys", () => {
  capture().info({ transaction: KEY, question: KEY }, `sent ${KEY}`);
  expect(lines[0]?.split(KEY)).toHaveLength(4);
});

test("keeps to the level", () => {
  capture();
  configureLogs({ level: "warn" });
  const log = logger("test");
  log.info("no");
  log.warn("yes");
  expect(lines).toHaveLength(1);
});
