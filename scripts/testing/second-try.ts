/** What is read of the report that vitest's JSON reporter writes. */
export type Report = {
  testResults: readonly {
    /** Absolute path. */
    name: string;
    status: "passed" | "failed";
    /** What failed outside of a test: at loading, or in a hook. */
    message: string;
    assertionResults: readonly {
      ancestorTitles: readonly string[];
      title: string;
      status: string;
      failureMessages: readonly string[];
    }[];
  }[];
};
export type FailedFile = { file: string; tests: readonly string[]; why: string };
/** What a whole run of vitest came to. No report: it ended before it could write one. */
export type Ran = {
  passed: boolean;
  report: Report | undefined;
  /** Errors that nobody caught, and that belong to no test. */
  stray: readonly string[];
};

/** More than this do not fail by chance, and another try of them would cost the time of a run. */
const MOST_FILES = 3;

type Test = Report["testResults"][number]["assertionResults"][number];
const nameOf = ({ ancestorTitles, title }: Test): string =>
  [...ancestorTitles, title].filter((part) => part !== "").join(" > ");
const firstLine = (text: string): string => text.split("\n", 1)[0] ?? "";

export function failedFiles({ testResults }: Report): FailedFile[] {
  return testResults
    .filter(({ status }) => status === "failed")
    .map(({ name, message, assertionResults }) => {
      const tests = assertionResults.filter(({ status }) => status === "failed");
      const why = tests.flatMap(({ failureMessages }) => failureMessages)[0] ?? message;
      return { file: name, tests: tests.map(nameOf), why: firstLine(why) };
    });
}

/**
 * The files that get a second try, or why there is none. `mayDiffer` names those whose result may depend on more than their
 * text: engines, a browser, the clock of a busy machine. Where another file failed as well the run has failed, whatever they
 * do the second time.
 */
export function secondTries(
  { passed, report, stray }: Ran,
  mayDiffer: (file: string) => boolean,
): { files: readonly FailedFile[]; none?: string } {
  if (passed) return { files: [] };
  const failed = report ? failedFiles(report) : [];
  if (failed.length === 0) return { files: [], none: "what failed is not a test" };
  if (stray.length > 0) return { files: [], none: `an error that nobody caught: ${stray[0]}` };
  if (failed.length > MOST_FILES)
    return { files: [], none: `${failed.length} files failed, which is no chance` };
  const steady = failed.find(({ file }) => !mayDiffer(file));
  if (steady) return { files: [], none: `${steady.file} failed, which needs no engine` };
  return { files: failed };
}

/** Whether each test that failed was run again, and passed, and nothing else in its file failed. */
export function passedThen({ file, tests }: FailedFile, { passed, report }: Ran): boolean {
  const again = report?.testResults.find(({ name }) => name === file);
  if (!passed || !again) return false;
  const fine = new Set(
    again.assertionResults.filter(({ status }) => status === "passed").map((test) => nameOf(test)),
  );
  // Where a hook failed no test did, and none that was left out counts.
  return fine.size > 0 && tests.every((test) => fine.has(test));
}
