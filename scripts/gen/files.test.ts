import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { differences, restore, snapshot, writeFile } from "./files.ts";

function tree(): string {
  const root = mkdtempSync(path.join(tmpdir(), "sooth-files-"));
  onTestFinished(() => rmSync(root, { recursive: true }));
  writeFile(path.join(root, "docs/a.md"), "a");
  writeFile(path.join(root, "docs/deep/b.bin"), new Uint8Array([0, 255, 13, 10]));
  writeFile(path.join(root, "other.txt"), "not generated");
  return root;
}
const places = ["docs", "single.txt", "nowhere"];

test("tells what was added, changed and removed, and nothing of other files", () => {
  const root = tree();
  const before = snapshot(root, places);
  expect(differences(before, snapshot(root, places))).toEqual([]);
  writeFile(path.join(root, "docs/a.md"), "changed");
  writeFile(path.join(root, "single.txt"), "new");
  writeFile(path.join(root, "other.txt"), "changed");
  rmSync(path.join(root, "docs/deep/b.bin"));
  expect(differences(before, snapshot(root, places))).toEqual([
    "docs/a.md (differs)",
    "docs/deep/b.bin (no longer generated)",
    "single.txt (missing)",
  ]);
});

test("puts everything back, to the byte", () => {
  const root = tree();
  const before = snapshot(root, places);
  writeFile(path.join(root, "docs/a.md"), "changed");
  writeFile(path.join(root, "docs/new.md"), "new");
  rmSync(path.join(root, "docs/deep"), { recursive: true });
  restore(root, before, snapshot(root, places));
  expect(differences(before, snapshot(root, places))).toEqual([]);
  expect([...readFileSync(path.join(root, "docs/deep/b.bin"))]).toEqual([0, 255, 13, 10]);
  expect(existsSync(path.join(root, "docs/new.md"))).toBe(false);
});
