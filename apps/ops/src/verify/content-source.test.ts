import { cidOf, textHash } from "@sooth/markets/core";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { contentAt, evidenceOfServer } from "./content-source.ts";

const [KEPT, ERASED, FORGED] = ["kept", "erased", "forged"].map(textHash) as [
  `0x${string}`,
  `0x${string}`,
  `0x${string}`,
];

/** A server that answers these paths, and everything else with `status`. */
async function serve(answers: Record<string, string>, status = 404): Promise<string> {
  const server = createServer((request, response) => {
    const text = answers[request.url ?? ""];
    response.writeHead(text === undefined ? status : 200);
    response.end(text ?? "no");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

test("a server is asked for hashes, believed in nothing, and may have forgotten", async () => {
  const url = await serve({ [`/v1/content/${KEPT}`]: "kept", [`/v1/content/${FORGED}`]: "something else" });
  const { texts, misnamed } = await contentAt(url, [KEPT, ERASED, FORGED]);
  expect([...texts]).toEqual([
    [KEPT, "kept"],
    [textHash("something else"), "something else"],
  ]);
  expect(misnamed).toMatchObject([{ name: FORGED, hash: textHash("something else") }]);
});

test("a server that refuses, or is none, is told of", async () => {
  await expect(contentAt(await serve({}, 500), [KEPT])).rejects.toThrow("was answered with 500: no");
  await expect(contentAt("http://127.0.0.1:1", [KEPT])).rejects.toThrow("got no answer");
});

test("of a market of many opinions a few are asked for at a time, each once, and again where the server says later", async () => {
  const texts = Array.from({ length: 60 }, (_, index) => `opinion ${index}`);
  const asked = new Map<string, number>();
  let [now, most] = [0, 0];
  const server = createServer((request, response) => {
    const name = request.url ?? "";
    asked.set(name, (asked.get(name) ?? 0) + 1);
    most = Math.max(most, ++now);
    setImmediate(() => {
      now -= 1;
      const text = texts.find((each) => name.endsWith(textHash(each)));
      const isLater = text === "opinion 7" && asked.get(name) === 1;
      response.writeHead(isLater ? 429 : 200, { "retry-after": "0" }).end(isLater ? "later" : text);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const hashes = [...texts, ...texts].map(textHash);
  const found = await contentAt(url, hashes);
  expect([...found.texts.values()]).toEqual(texts);
  expect(most).toBeLessThanOrEqual(8);
  expect([...asked.values()].reduce((all, one) => all + one, 0)).toBe(texts.length + 1);
});

test("of a folder every file is read that is named by a hash or a CID", async () => {
  const folder = await mkdtemp(path.join(os.tmpdir(), "sooth-content-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(path.join(folder, `${KEPT}.txt`), "kept");
  await writeFile(path.join(folder, `${cidOf(ERASED)}.json`), "erased");
  await writeFile(path.join(folder, FORGED), "something else");
  await writeFile(path.join(folder, "readme.md"), "no content");
  const { texts, misnamed } = await contentAt(folder, []);
  expect([...texts.values()].toSorted()).toEqual(["erased", "kept", "something else"]);
  expect(misnamed.map(({ name }) => name)).toEqual([FORGED]);
  await expect(contentAt(path.join(folder, "none"), [])).rejects.toThrow("cannot read");
});

const report = (evidence: string | null) => ({
  provider: `0x${"11".repeat(20)}`,
  signer: `0x${"22".repeat(20)}`,
  seat: 0,
  value: "63",
  root: null,
  label: "63",
  weight: "1",
  signature: null,
  epoch: 1,
  round: 0,
  receivedAt: 1,
  counted: true,
  evidence,
  opening: null,
  observations: [],
});

test("evidence is what the server says that reports rest on", async () => {
  const url = await serve({
    [`/v1/questions/${KEPT}`]: JSON.stringify({ reports: [report(KEPT), report(ERASED), report(null)] }),
    [`/v1/evidence/${KEPT}`]: "kept",
  });
  expect(await evidenceOfServer(url, KEPT)).toEqual([{ name: KEPT, text: "kept" }]);
});
