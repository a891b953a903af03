import { existsSync, globSync, readdirSync, readFileSync } from "node:fs";
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

test("the tests that answer what bundles could get wrong are there", () => {
  const page = readFileSync(path.join(folder, "bundles/README.md"), "utf8");
  const named = [...new Set(page.match(TEST_NAME) ?? [])];
  const there = files
    .filter((file) => file.startsWith(`bundles${path.sep}`))
    .map((file) => readFileSync(path.join(folder, file), "utf8"))
    .join("\n");
  expect(named.length).toBeGreaterThan(30);
  expect(named.filter((name) => !there.includes(`function ${name}(`))).toEqual([]);
});

describe.each([
  ["oracle/whole/Faults.t.sol", "FaultsTest", 15],
  ["markets/opinions/OpinionsFaults.t.sol", "OpinionsFaultsTest", 16],
] as const)("the tests that answer the faults of before: %s", (file, own, count) => {
  const list = readFileSync(path.join(folder, file), "utf8").split(`contract ${own} `)[0] ?? "";
  const inTypeScript = [...list.matchAll(/([\w.-]+\.test\.ts): (.+)$/gm)];
  const inSolidity = [...list.matchAll(/(?:(\w+)\.)?\b((?:test|testFuzz|invariant)_\w+)/g)];
  const root = path.dirname(contractsFolder);
  const typeScript = ["packages", "apps", "scripts", "test"].flatMap((part) =>
    globSync("**/*.test.ts", { cwd: path.join(root, part), exclude: ["**/node_modules/**"] }).map((each) =>
      path.join(root, part, each),
    ),
  );

  test("all of them are answered", () => {
    const numbers = [...list.matchAll(/^\/\/\/ {6,7}(\d+) /gm)].map((found) => Number(found[1]));
    expect(numbers).toEqual(Array.from({ length: count }, (_, i) => i + 1));
    expect(inTypeScript.length).toBeGreaterThan(0);
  });

  test.each(inSolidity.map((found) => [found[1] ?? own, found[2] ?? ""]))(
    "%s.%s is a test",
    (contract, name) => {
      const sources = files.map((each) => readFileSync(path.join(folder, each), "utf8"));
      const source = sources.find((each) => each.includes(`contract ${contract} is `));
      expect(source).toContain(`function ${name}(`);
    },
  );

  test.each(inTypeScript.map((found) => [found[1] ?? "", found[2] ?? ""]))("%s: %s", (name, title) => {
    const sources = typeScript.filter((each) => path.basename(each) === name);
    expect(sources.some((each) => readFileSync(each, "utf8").includes(`test("${title}"`))).toBe(true);
  });
});
