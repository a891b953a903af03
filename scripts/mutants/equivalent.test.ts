import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { contractsFolder } from "../forge.ts";
import { EQUIVALENT } from "./equivalent.ts";

test.each(EQUIVALENT)("$file still has the line of which $change changes nothing", ({ file, at, change }) => {
  const lines = readFileSync(path.join(contractsFolder, "src", file), "utf8").split("\n");
  expect(lines.filter((line) => line.trim() === at)).toHaveLength(1);
  expect(at).toContain(change.split("  ->  ")[0]);
});
