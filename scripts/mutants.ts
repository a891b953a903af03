/**
 * Whether the contracts' tests would notice: changes one operator, number, condition or statement at a time where money is
 * reckoned, and runs the tests that should fail. `node scripts/mutants.ts opinions` (contracts/README.md).
 *
 * All changes are compiled at once, each behind a switch: the gas price that a test runs at names the one that is on. So a change
 * costs a run of the tests, and not a compilation.
 */
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { contractsFolder, forge } from "./forge.ts";
import { EQUIVALENT } from "./mutants/equivalent.ts";
import { constantsIn, type Site, sitesIn, switched } from "./mutants/sites.ts";

/** What is changed, and the tests that must notice: files, and all of a folder. */
type Target = { files: readonly string[]; tests: readonly string[] };
const TARGETS: Record<string, Target> = {
  opinions: {
    files: [
      "markets/rules/BandRule.sol",
      ...["Book", "Door", "ResultWord", "Shelf", "Entering", "Scoring", "Paying"].map(
        (name) => `markets/opinions/${name}.sol`,
      ),
    ],
    tests: ["markets/opinions", "Vectors.t.sol"],
  },
  outcomes: {
    files: ["OutcomeTokens", "Sets", "Choices"].map((name) => `markets/outcomes/${name}.sol`),
    tests: ["markets/outcomes"],
  },
  pools: {
    files: ["markets/rules/ParimutuelRule.sol", "markets/Pools.sol", "markets/Markets.sol"],
    tests: ["markets", "Vectors.t.sol"],
  },
  committee: {
    files: ["markets/opinions/Committee.sol"],
    tests: ["markets/opinions/Committee.t.sol", "markets/opinions/CommitteeVectors.t.sol"],
  },
  beacon: {
    files: ["randomness/Schedule.sol", "randomness/HashToCurve.sol", "randomness/DrandBeacon.sol"],
    tests: ["randomness"],
  },
};

const root = path.resolve(contractsFolder, "..");
/** Beside contracts/, so that paths into node_modules and vectors hold. */
const copy = path.join(root, ".sooth-mutants");
const SWITCH = `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

/// @dev Which change is on is the gas price of the transaction. Said to be pure, as what asks may be.
library Mutants {
    function on(uint256 id) internal pure returns (bool) {
        function (uint256) view returns (bool) asks = _on;
        function (uint256) pure returns (bool) asked;
        assembly {
            asked := asks
        }
        return asked(id);
    }

    function _on(uint256 id) private view returns (bool) {
        return tx.gasprice == id;
    }
}
`;

type Mutant = Site & { id: number; file: string; source: string };
type Compiled = {
  errors?: { severity: string; formattedMessage: string }[];
  sources: Record<string, { ast: Parameters<typeof sitesIn>[0] }>;
};

/** The compiler's trees of these files. Nothing but the analysis runs. */
function treesOf(folder: string, files: readonly string[]): Compiled["sources"] {
  const solc = createRequire(import.meta.url)("solc") as {
    compile(input: string, o: { import: (name: string) => { contents: string } }): string;
  };
  const read = (name: string): string =>
    name.startsWith("src/")
      ? path.join(folder, name)
      : path.join(root, "node_modules", name.replace(/^solady\//, "solady/src/"));
  const sources = Object.fromEntries(
    files.map((file) => [`src/${file}`, { content: readFileSync(path.join(folder, "src", file), "utf8") }]),
  );
  const settings = { outputSelection: { "*": { "": ["ast"] } } };
  const { errors = [], sources: trees } = JSON.parse(
    solc.compile(JSON.stringify({ language: "Solidity", sources, settings }), {
      import: (name) => ({ contents: readFileSync(read(name), "utf8") }),
    }),
  ) as Compiled;
  const wrong = errors.filter(({ severity }) => severity === "error");
  if (wrong.length > 0) throw new Error(wrong.map((one) => one.formattedMessage).join("\n"));
  return trees;
}

/**
 * Leaves of the copy's tests those that must notice. Were others there, forge would need a filter, and would compile all
 * interfaces to find what the filter means, at every run. Costs of calls are none of them: a switch costs too.
 */
function keepOnly(tests: readonly string[]): void {
  const folder = path.join(copy, "test");
  for (const file of readdirSync(folder, { recursive: true, encoding: "utf8" }))
    if (file.endsWith(".t.sol")) {
      const counts = tests.includes(file) || tests.includes(path.dirname(file));
      if (!counts || file.endsWith("Gas.t.sol")) rmSync(path.join(folder, file));
    }
}

/** The contracts once more, with all mutants in them, and the tests in this folder. */
function prepare({ files, tests }: Target): Mutant[] {
  mkdirSync(copy, { recursive: true });
  for (const name of ["src", "test"]) rmSync(path.join(copy, name), { recursive: true, force: true });
  for (const name of ["src", "test", "foundry.toml", "solc.mjs"])
    cpSync(path.join(contractsFolder, name), path.join(copy, name), { recursive: true });
  keepOnly(tests);
  for (const name of ["out", "cache"])
    if (!existsSync(path.join(copy, name)) && existsSync(path.join(contractsFolder, name)))
      cpSync(path.join(contractsFolder, name), path.join(copy, name), { recursive: true });
  writeFileSync(path.join(copy, "src/lib/Mutants.sol"), SWITCH);
  const trees = treesOf(contractsFolder, files);
  const constants = new Set(Object.values(trees).flatMap(({ ast }) => constantsIn(ast)));
  const mutants: Mutant[] = [];
  for (const file of files) {
    const its = path.join(copy, "src", file);
    const source = readFileSync(its, "latin1");
    const tree = trees[`src/${file}`];
    if (!tree) throw new Error(`the compiler knows no ${file}`);
    const sites = sitesIn(tree.ast, source, constants);
    const text = switched(source, sites, mutants.length + 1);
    const way = path.relative(path.dirname(its), path.join(copy, "src/lib/Mutants.sol"));
    writeFileSync(its, text.replace(/^(pragma .*;\n)/m, `$1\nimport {Mutants} from "${way}";\n`), "latin1");
    for (const site of sites) mutants.push({ ...site, id: mutants.length + 1, file, source });
  }
  treesOf(copy, files);
  return mutants;
}

const changeOf = ({ source, from, to, instead }: Mutant): string => {
  const was = source.slice(from, to).replaceAll(/\s+/g, " ");
  return `${was}  ->  ${instead === null ? "(left out)" : instead.replaceAll(/\s+/g, " ")}`;
};
const lineOf = ({ source, from }: Mutant): number => source.slice(0, from).split("\n").length;
const sayable = (mutant: Mutant): string => `${mutant.file}:${lineOf(mutant)}  ${changeOf(mutant)}`;

/** Why no test can notice it; undefined where one could. */
const sameBecause = (mutant: Mutant): string | undefined =>
  EQUIVALENT.find(
    ({ file, at, change }) =>
      file === mutant.file &&
      change === changeOf(mutant) &&
      at === mutant.source.split("\n")[lineOf(mutant) - 1]?.trim(),
  )?.because;

/** Tests take contracts from what is built: so a test is compiled anew only when it changed itself. */
const ENV = {
  FOUNDRY_DYNAMIC_TEST_LINKING: "true",
  FOUNDRY_FUZZ_RUNS: "16",
  FOUNDRY_INVARIANT_RUNS: "2",
  // That it fails is all that counts, not with how few calls.
  FOUNDRY_INVARIANT_SHRINK_RUN_LIMIT: "0",
  FOUNDRY_GAS_SNAPSHOT_CHECK: "false",
  FOUNDRY_GAS_SNAPSHOT_EMIT: "false",
};

/** Whether the tests fail with this mutant on; 0: with none. */
function isNoticed(id: number): boolean {
  const { status, stdout } = forge(["test", "--fail-fast", "--gas-price", String(id)], {
    capture: true,
    env: ENV,
    cwd: copy,
  });
  // That they could not run is not that they noticed.
  if (status !== 0 && !stdout.includes("[FAIL")) throw new Error(`forge ended with ${status}:\n${stdout}`);
  return status !== 0;
}

/** 3-7,12 as numbers. */
const numbersIn = (list: string): number[] =>
  list.split(",").flatMap((part) => {
    const [first = 0, last = first] = part.split("-").map(Number);
    return Array.from({ length: last - first + 1 }, (_, index) => first + index);
  });

function main([name = "", ...flags]: readonly string[]): number {
  const target = TARGETS[name];
  if (!target) {
    console.error(`which? ${Object.keys(TARGETS).join(", ")}; then --list, or --only 3-7,12`);
    return 2;
  }
  const mutants = prepare(target);
  if (flags[0] === "--list") {
    for (const mutant of mutants) console.log(`${mutant.id}  ${sayable(mutant)}`);
    return 0;
  }
  const wanted = flags[0] === "--only" ? new Set(numbersIn(flags[1] ?? "")) : null;
  const tried = wanted ? mutants.filter(({ id }) => wanted.has(id)) : mutants;
  const built = forge(["build", "--quiet", "src"], { env: ENV, cwd: copy }).status;
  if (built !== 0) return built;
  if (isNoticed(0)) throw new Error("the tests fail without any change");
  let [survived, same] = [0, 0];
  for (const mutant of tried) {
    const because = sameBecause(mutant);
    if (because !== undefined) {
      same += 1;
      console.log(`the same  ${mutant.id}  ${sayable(mutant)}: ${because}`);
      continue;
    }
    const noticed = isNoticed(mutant.id);
    if (!noticed) survived += 1;
    console.log(`${noticed ? "killed" : "SURVIVED"}  ${mutant.id}  ${sayable(mutant)}`);
  }
  console.log(`${tried.length - same - survived} of ${tried.length} noticed, ${same} change nothing`);
  return survived === 0 ? 0 : 1;
}

process.exitCode = main(process.argv.slice(2));
