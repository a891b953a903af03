import { reasonHash } from "@sooth/oracle/core";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { reasonTexts } from "./reason-texts.ts";

const [KEPT, ERASED] = [reasonHash("kept"), reasonHash("erased")];

const DISPUTE = `0x${"d1".repeat(32)}` as const;
const appeal = { who: `0x${"11".repeat(20)}`, choice: 2, at: 1, transaction: KEPT };
const APPEALS = [
  { ...appeal, reason: { hash: KEPT, text: "because", signature: "0x51" } },
  { ...appeal, reason: { hash: ERASED, text: null, signature: "0x51" } },
  { ...appeal, reason: null },
];

/** A server that keeps these texts, and answers otherwise with `status`. */
async function serve(
  texts: Record<string, string | null>,
  status = 404,
): Promise<{ url: string; asked: string[] }> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const hash = (request.url ?? "").replace("/v1/reasons/", "").replace("/v1/disputes/", "");
    asked.push(hash);
    const text = texts[hash];
    response.writeHead(text === undefined ? status : 200, { "content-type": "application/json" });
    response.end(JSON.stringify(hash === DISPUTE ? { appeals: APPEALS } : { hash, text: text ?? null }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, asked };
}

test("a server is asked for what the chain logged, and believed in nothing", async () => {
  const { url, asked } = await serve({ [KEPT]: "not what was kept", [ERASED]: null });
  expect(await reasonTexts(url).texts([KEPT, ERASED])).toEqual([{ name: KEPT, text: "not what was kept" }]);
  expect(asked.toSorted()).toEqual([KEPT, ERASED].toSorted());
});

test("a server is asked for what was signed with appeals; one without a text is left out", async () => {
  const { url } = await serve({ [DISPUTE]: "" });
  expect(await reasonTexts(url).ofAppeals([DISPUTE])).toEqual([
    { dispute: DISPUTE, transaction: KEPT, text: "because", signature: "0x51" },
  ]);
});

test("a server that refuses is told of", async () => {
  const { url } = await serve({});
  await expect(reasonTexts(url).texts([KEPT])).rejects.toThrow("was answered with 404");
});

test("of a folder all texts are read, by the names of their files", async () => {
  const folder = await mkdtemp(path.join(os.tmpdir(), "sooth-reasons-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(path.join(folder, `${KEPT}.txt`), "kept");
  await writeFile(path.join(folder, "readme.md"), "no reason");
  expect(await reasonTexts(folder).texts([ERASED])).toEqual([{ name: KEPT, text: "kept" }]);
  await expect(reasonTexts(path.join(folder, "none")).texts([])).rejects.toThrow("cannot read");
});
