import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import type { Command } from "../apps/ops/src/cli/command.ts";
import { findCommand, flagOf } from "../apps/ops/src/cli/parse.ts";
import { COMMANDS } from "../apps/ops/src/commands/index.ts";
import { MEASURED } from "../packages/markets/src/core/index.ts";

/** What is written for people names what exists: a link, a path or a command that does not is found here. */
const root = path.resolve(import.meta.dirname, "..");
/** Installed, built or left by a run: nobody's page. */
const NOT_OURS = /^(?:node_modules|\.git|\.sooth.*|out|cache|dist|coverage|test-results)$/;
const filesIn = (folder: string): string[] =>
  readdirSync(path.join(root, folder), { withFileTypes: true })
    .filter(({ name }) => !NOT_OURS.test(name))
    .flatMap((entry) => {
      const name = path.posix.join(folder, entry.name);
      return entry.isDirectory() ? filesIn(name) : [name];
    });
const files = filesIn("");
const known = new Set(files.flatMap((file) => [file, ...foldersOf(file)]));
const scripts = Object.keys(
  (JSON.parse(readFileSync(path.join(root, "package.json"), "utf8")) as { scripts: object }).scripts,
);
const pages = files
  .filter((file) => file.endsWith(".md"))
  .map((file) => ({ file, text: readFileSync(path.join(root, file), "utf8") }));

function foldersOf(file: string): string[] {
  const parts = file.split("/").slice(0, -1);
  return parts.map((_, index) => parts.slice(0, index + 1).join("/"));
}
const found = <T>(look: (page: { file: string; text: string }) => readonly T[]) => pages.flatMap(look);
const from = (file: string, target: string): string =>
  path.posix.normalize(path.posix.join(path.posix.dirname(file), target)).replace(/\/$/, "");
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^a-z0-9 -]/g, "")
    .replaceAll(" ", "-");
const anchorsOf = (file: string): string[] =>
  [...(pages.find((page) => page.file === file)?.text.matchAll(/^#+ (.+)$/gm) ?? [])].map(
    ([, heading = ""]) => anchorOf(heading),
  );

/* LINKS */

type Link = { file: string; target: string; anchor: string };
const linksIn = ({ file, text }: { file: string; text: string }): Link[] =>
  [...text.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = ""]) => target)
    .filter((target) => !/^[a-z]+:/.test(target))
    .map((target) => {
      const [to = "", anchor = ""] = target.split("#");
      return { file, target: to === "" ? file : from(file, to), anchor };
    });

test("there are pages, links and commands to check", () => {
  expect(pages.length).toBeGreaterThan(30);
  expect(found(linksIn).length).toBeGreaterThan(40);
  expect(found(commandsIn).length).toBeGreaterThan(20);
});

test("every link leads somewhere", () => {
  const broken = found(linksIn).filter(
    ({ target, anchor }) => !known.has(target) || (anchor !== "" && !anchorsOf(target).includes(anchor)),
  );
  expect(broken).toEqual([]);
});

test("every page of docs/ is reached from the README, and every decision from their index", () => {
  const reached = new Set<string>();
  const visit = (file: string): void => {
    if (reached.has(file)) return;
    reached.add(file);
    const page = pages.find((each) => each.file === file);
    for (const { target } of page ? linksIn(page) : []) {
      // A link to a folder shows what is in it.
      const inside = pages.filter((each) => path.posix.dirname(each.file) === target);
      for (const next of [target, ...inside.map((each) => each.file)]) visit(next);
    }
  };
  visit("README.md");
  expect(
    pages.map(({ file }) => file).filter((file) => file.startsWith("docs/") && !reached.has(file)),
  ).toEqual([]);
  const index = pages.find(({ file }) => file === "docs/decisions/README.md");
  const listed = index ? linksIn(index).map(({ target }) => target) : [];
  const decisions = pages.map(({ file }) => file).filter((file) => path.dirname(file) === "docs/decisions");
  expect(decisions.filter((file) => !listed.includes(file))).toEqual(["docs/decisions/README.md"]);
});

const TOP = "(?:packages|apps|contracts|docs|scripts|test|vectors|deployments|runtime)";
/** Paths from the root, or from the page's own folder, in code; what stands for many is passed over. */
const lostPaths = ({ file, text }: { file: string; text: string }): string[] =>
  [...text.matchAll(/`([^`\n]+)`/g)]
    .flatMap(([, code = ""]) => code.split(/[\s,]+/))
    .filter((name) => new RegExp(`^${TOP}/`).test(name) && !/[<>*{}|$]/.test(name))
    .map((name) => (name.split("#")[0] ?? "").replace(/[/.;:]+$/, ""))
    .filter((name) => !known.has(name) && !known.has(from(file, name)))
    .map((name) => `${file}: ${name}`);

test("every path that is named exists", () => {
  expect(found(lostPaths)).toEqual([]);
  expect(lostPaths({ file: "x.md", text: "`packages/oracle/core/`, `node scripts/forge.ts`" })).toEqual([
    "x.md: packages/oracle/core",
  ]);
});

/* COMMANDS */

type Said = { file: string; words: string[] };
/** Commands in code, up to what is no longer part of them: a comment, a table's bar, the next sentence. */
function commandsIn({ file, text }: { file: string; text: string }): Said[] {
  const spans = [...text.matchAll(/`([^`\n]+)`/g)].map(([, code = ""]) => code);
  const blocks = [...text.matchAll(/```[a-z]*\n([\s\S]*?)```/g)].flatMap(([, code = ""]) => code.split("\n"));
  return [...spans, ...blocks]
    .map((code) => code.split(/\s+#|\s+(?:\||&&|;)\s/)[0]?.trim() ?? "")
    .filter((code) => /^(?:npm (?:run|start|test)|npx sooth)\b/.test(code))
    .map((code) => ({ file, words: code.match(/"[^"]*"|\S+/g) ?? [] }));
}

function wrongIn({ words }: Said): string[] {
  const [program, verb = "", ...rest] = words;
  if (program === "npx") return wrongAsked(rest);
  const script = verb === "run" ? (rest[0] ?? "") : verb;
  if (!scripts.includes(script)) return [`no script ${script}`];
  const given = words.includes("--") ? words.slice(words.indexOf("--") + 1) : [];
  return wrongAsked(script === "ops" ? given : ["demo", "bench"].includes(script) ? [script, ...given] : []);
}

const wrongAsked = (said: readonly string[]): string[] =>
  said.length === 0 || said[0] === "help" ? [] : wrongFlags(commandOf(said), said);

function commandOf(said: readonly string[]): Command | undefined {
  try {
    return findCommand(said, COMMANDS);
  } catch {
    return undefined;
  }
}

function wrongFlags(command: Command | undefined, said: readonly string[]): string[] {
  if (!command) return [`no command ${said.join(" ")}`];
  const flags = new Set([...Object.keys(command.args.shape).map(flagOf), "--help"]);
  return said
    .map((word) => word.split("=")[0] ?? "")
    .filter((word) => word.startsWith("--") && !flags.has(word))
    .map((word) => `${command.name} has no ${word}`);
}

test("every command that is named exists, with its flags", () => {
  const broken = found(commandsIn).flatMap((said) =>
    wrongIn(said).map((what) => `${said.file}: ${said.words.join(" ")}: ${what}`),
  );
  expect(broken).toEqual([]);
});

const wrong = (code: string) =>
  commandsIn({ file: "x.md", text: `\`${code}\`` }).flatMap((said) => wrongIn(said));

test("a script, a command or a flag that does not exist is found", () => {
  expect(wrong("npm run nonsense")).toEqual(["no script nonsense"]);
  expect(wrong("npm run ops -- emergency stop")).toEqual(["no command emergency stop"]);
  expect(wrong("npx sooth verify answer")).toEqual(["no command verify answer"]);
  expect(wrong("npx sooth verify question 0x12 --offline")).toEqual(["verify question has no --offline"]);
  expect(wrong('npm run ops -- emergency pause --for 24 --why "a --b"')).toEqual([
    "emergency pause has no --for",
  ]);
  expect(wrong("npm run ops -- emergency status")).toEqual([]);
});

/* FIGURES */

const WRITTEN: readonly (readonly [page: string, snapshot: string, keys: readonly string[]])[] = [
  [
    "docs/decisions/gas.md",
    "feeds",
    [
      "feed update, 3 of 4, co-signed",
      "feed update, 3 of 4, own values",
      "feed update, 3 of 4, aggregated",
      "pull check, 3 of 4, co-signed, with calldata",
      "pull check, 3 of 4, own values, with calldata",
      "pull check, 3 of 4, aggregated, with calldata",
    ],
  ],
  ["docs/decisions/gas.md", "gas", ["advance epoch, 32 seats", "advance epoch, 32 seats with records"]],
  ["docs/decisions/juries.md", "court", ["jury of 31: both phases, a seat"]],
  [
    "docs/decisions/fees.md",
    "rewards",
    [
      "one reward in a transaction of its own",
      "one reward of a hundred in a transaction",
      "one owner's draw from a root",
    ],
  ],
];

test.each(WRITTEN)("%s tells the gas that snapshots/%s.json holds", (page, snapshot, keys) => {
  const file = path.join(root, "contracts", "snapshots", `${snapshot}.json`);
  const figures = JSON.parse(readFileSync(file, "utf8")) as Record<string, string>;
  const text = pages.find(({ file: name }) => name === page)?.text ?? "";
  const stale = keys.filter((key) => !text.includes(Number(figures[key]).toLocaleString("en-US")));
  expect(stale).toEqual([]);
});

test("how good the offline analyst is, the page that people see tells as its document does", () => {
  const { text } = pages.find(({ file }) => file === "docs/analyst.md") ?? { text: "" };
  const [stance = ""] = /^\| stance: .*$/m.exec(text) ?? [];
  const [quality = ""] = /^\| quality: .*$/m.exec(text) ?? [];
  expect(stance).toContain(`**${MEASURED.stance.toFixed(3)}**`);
  expect(stance).toContain(`the commonest stance ${MEASURED.majority.toFixed(3)}`);
  expect(quality).toContain(`**${MEASURED.quality.toFixed(3)}**`);
});
