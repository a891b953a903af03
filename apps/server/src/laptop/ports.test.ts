import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { enginePorts } from "./ports.ts";

function folder(): { dir: string; file: string } {
  const dir = mkdtempSync(path.join(tmpdir(), "sooth-ports-"));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  return { dir, file: path.join(dir, "ports.json") };
}

test("ports are chosen once and kept", async () => {
  const { dir, file } = folder();
  const ports = await enginePorts(dir, true);
  expect(new Set(Object.values(ports)).size).toBe(8);
  const text = readFileSync(file, "utf8");
  expect(await enginePorts(dir, true)).toEqual(ports);
  expect(readFileSync(file, "utf8")).toBe(text);
});

test("a folder from before an engine was added keeps its ports and gains that one's", async () => {
  const { dir, file } = folder();
  const { beacon: _, ...before } = await enginePorts(dir, true);
  writeFileSync(file, JSON.stringify(before));
  const after = await enginePorts(dir, true);
  expect(after).toMatchObject(before);
  expect(after.beacon).toBeGreaterThan(0);
  expect(JSON.parse(readFileSync(file, "utf8"))).toEqual(after);
});

test("a damaged file is told, not replaced", async () => {
  const { dir, file } = folder();
  writeFileSync(file, "{");
  await expect(enginePorts(dir, true)).rejects.toMatchObject({ code: "server.data_unreadable" });
});
