import { expect, test } from "vitest";
import { failedFiles, passedThen, type Ran, type Report, secondTries } from "./second-try.ts";

type Result = Report["testResults"][number];
/** A file whose tests ended as said; in a report a test stands with the titles of what it is in. */
const fileOf = (name: string, tests: Record<string, string>, message = ""): Result => ({
  name,
  status: message !== "" || Object.values(tests).includes("failed") ? "failed" : "passed",
  message,
  assertionResults: Object.entries(tests).map(([title, status]) => ({
    ancestorTitles: ["", "a market"],
    title,
    status,
    failureMessages: status === "failed" ? [`AssertionError: ${title}\n    at line 3`] : [],
  })),
});
const ran = (testResults: Result[], over: Partial<Ran> = {}): Ran => ({
  passed: testResults.every(({ status }) => status === "passed"),
  report: { testResults },
  stray: [],
  ...over,
});
const mayDiffer = (file: string): boolean => file.endsWith(".chain.test.ts");
const failing = (name: string): Result => fileOf(name, { settles: "failed", opens: "passed" });

const named = (count: number): string[] =>
  Array.from({ length: count }, (_, place) => `/${place}.chain.test.ts`);
test.for<[what: string, result: Ran, files: string[], none?: string]>([
  ["none when all passed", ran([fileOf("/a.chain.test.ts", { settles: "passed" })]), []],
  ["one with engines", ran([failing("/a.chain.test.ts"), fileOf("/b.test.ts", {})]), ["/a.chain.test.ts"]],
  [
    "one whose hook failed",
    ran([fileOf("/a.chain.test.ts", { settles: "skipped" }, "Error: no node")]),
    ["/a.chain.test.ts"],
  ],
  ["three", ran(named(3).map(failing)), named(3)],
  ["no four", ran(named(4).map(failing)), [], "4 files failed, which is no chance"],
  ["no unit test", ran([failing("/b.test.ts")]), [], "/b.test.ts failed, which needs no engine"],
  [
    "nor others beside a unit test",
    ran([failing("/a.chain.test.ts"), failing("/b.test.ts")]),
    [],
    "/b.test.ts failed, which needs no engine",
  ],
  [
    "nothing where an error belongs to no test",
    ran([failing("/a.chain.test.ts")], { stray: ["ECONNRESET"] }),
    [],
    "an error that nobody caught: ECONNRESET",
  ],
  ["nothing where no test failed", ran([], { passed: false }), [], "what failed is not a test"],
  [
    "nothing without a report",
    ran([], { passed: false, report: undefined }),
    [],
    "what failed is not a test",
  ],
])("a second try gets %s", ([, result, files, none]) => {
  const decided = secondTries(result, mayDiffer);
  expect([decided.files.map(({ file }) => file), decided.none]).toEqual([files, none]);
});

test("a failed file is told with its tests and what the first of them said", () => {
  const { report } = ran([failing("/a.chain.test.ts"), fileOf("/b.test.ts", { opens: "passed" })]);
  expect(failedFiles(report ?? { testResults: [] })).toEqual([
    { file: "/a.chain.test.ts", tests: ["a market > settles"], why: "AssertionError: settles" },
  ]);
});

const first = { file: "/a.chain.test.ts", tests: ["a market > settles"], why: "" };
const hook = { ...first, tests: [] };
const again = (tests: Record<string, string>, over: Partial<Ran> = {}): Ran =>
  ran([fileOf("/a.chain.test.ts", tests)], over);
test.for<[what: string, result: Ran, passed: boolean, failed?: typeof first]>([
  ["the test that failed", again({ settles: "passed" }), true],
  ["not one that fails again", again({ settles: "failed" }), false],
  ["not one that was left out", again({ settles: "skipped", opens: "passed" }), false],
  ["not one that is there no more", again({ opens: "passed" }), false],
  ["not while another of its file fails", again({ settles: "passed", opens: "failed" }), false],
  ["not with an error beside it", again({ settles: "passed" }, { passed: false }), false],
  ["not another file", ran([fileOf("/b.chain.test.ts", { settles: "passed" })]), false],
  ["not without a report", again({}, { passed: true, report: undefined }), false],
  ["tests whose hook failed", again({ settles: "passed" }), true, hook],
  ["not a file in which nothing ran", again({ settles: "skipped" }), false, hook],
])("at the second try passes %s", ([, result, passed, failed = first]) => {
  expect(passedThen(failed, result)).toBe(passed);
});
