import { AppError } from "@sooth/kernel";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { lockFolder } from "./lock.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "sooth-lock-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const codeOf = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    return error instanceof AppError ? error.code : String(error);
  }
  return "no error";
};
const ignore = () => {};

test("a second holder is refused, by name of the first", () => {
  lockFolder(folder, ignore);
  expect(codeOf(() => lockFolder(folder, ignore))).toBe("server.already_running");
});

test("the release frees the folder and leaves no lock", () => {
  lockFolder(folder, ignore)();
  expect(existsSync(path.join(folder, "lock.json"))).toBe(false);
  lockFolder(folder, ignore)();
});

test("a lock of a process that is gone is taken over, and said", () => {
  writeFileSync(path.join(folder, "lock.json"), JSON.stringify({ pid: 4_194_303, started: "1" }));
  const said: string[] = [];
  lockFolder(folder, (what) => said.push(what))();
  expect(said).toHaveLength(1);
});

test("the same process number with another start time is somebody else", () => {
  writeFileSync(path.join(folder, "lock.json"), JSON.stringify({ pid: process.pid, started: "1" }));
  const said: string[] = [];
  lockFolder(folder, (what) => said.push(what))();
  expect(said).toHaveLength(1);
});

test("a half-written lock is taken over", () => {
  writeFileSync(path.join(folder, "lock.json"), '{"pid":');
  lockFolder(folder, ignore);
  expect(JSON.parse(readFileSync(path.join(folder, "lock.json"), "utf8"))).toMatchObject({
    pid: process.pid,
  });
});

test("a folder that cannot be made is named", () => {
  writeFileSync(path.join(folder, "file"), "");
  expect(codeOf(() => lockFolder(path.join(folder, "file", "below"), ignore))).toBe(
    "server.folder_not_writable",
  );
});
