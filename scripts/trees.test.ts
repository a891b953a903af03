import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { contractsFolder } from "./forge.ts";

const order = (a = "", b = ""): number => (a < b ? -1 : 1);

const folder = path.join(contractsFolder, "test");
const TEST_NAME = /\b(?:test|testFuzz|invariant)_\w+/g;

const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) =>
  file.endsWith(".t.sol"),
);

test("finds tests to compare", () => {
  expect(files.length).toBeGreaterThan(10);
});

describe.each(files)("%s", (file) => {
  const source = readFileSync(path.join(folder, file), "utf8");
  const treePath = path.join(folder, file.replace(/\.t\.sol$/, ".tree"));

  test("has a tree that names its contract", () => {
    expect(existsSync(treePath)).toBe(true);
    const root = readFileSync(treePath, "utf8").split("\n")[0];
    expect(source).toMatch(new RegExp(`^contract ${root} is `, "m"));
  });

  test("has the functions that its tree names, and no others", () => {
    const functions = [...source.matchAll(/function ((?:test|testFuzz|invariant)_\w+)/g)].map(
      (found) => found[1],
    );
    const named = readFileSync(treePath, "utf8").match(TEST_NAME) ?? [];
    expect(named.length).toBeGreaterThan(0);
    expect(functions.toSorted(order)).toEqual(named.toSorted(order));
  });
});

test("every tree belongs to a test", () => {
  const trees = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) =>
    file.endsWith(".tree"),
  );
  expect(trees.map((tree) => tree.replace(/\.tree$/, ".t.sol")).toSorted()).toEqual(files.toSorted());
});
