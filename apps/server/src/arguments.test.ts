import { AppError } from "@sooth/kernel";
import { expect, test } from "vitest";
import { readArguments } from "./arguments.ts";

test.each<[string[], object]>([
  [[], { help: false, fresh: false, settings: {} }],
  [["--fresh", "-h"], { help: true, fresh: true }],
  [["--port", "0"], { settings: { SOOTH_PORT: "0" } }],
  [["--port=65535"], { settings: { SOOTH_PORT: "65535" } }],
  [["--roles", "api, worker"], { settings: { SOOTH_ROLES: "api, worker" } }],
  [["--data-dir", "x"], { settings: { SOOTH_DATA_DIR: "x" } }],
  [["--join", "http://a:1"], { join: "http://a:1", settings: { SOOTH_ROLES: "provider" } }],
])("%j is read", (argv, wanted) => expect(readArguments(argv)).toMatchObject(wanted));

test.each<[string[], string]>([
  [["--port", "abc"], '--port takes a number from 0 to 65535, and not "abc".'],
  [["--port", "65536"], '--port takes a number from 0 to 65535, and not "65536".'],
  [["--port", ""], '--port takes a number from 0 to 65535, and not "".'],
  [
    ["--roles", "foo"],
    '--roles takes a comma list of api, worker, relayer, provider, watcher, bundler, and not "foo".',
  ],
  [["--roles", "api,foo"], 'and not "foo".'],
  [["--data-dir="], '--data-dir takes the path of a folder, and not "".'],
  [
    ["--prot", "1"],
    'there is no option "--prot"; there are --roles, --fresh, --port, --data-dir, --join, --settings, --help.',
  ],
  [["--join", "localhost"], '--join takes an address such as http://localhost:3000, and not "localhost".'],
  [["--settings", "/nowhere/x.env"], "--settings /nowhere/x.env: ENOENT"],
  [["start"], 'there is no option "start"; there are'],
  [["--port"], "Option '--port <value>' argument missing"],
])("%j is refused in a sentence", (argv, wanted) => {
  const error = (() => {
    try {
      return readArguments(argv);
    } catch (thrown) {
      return thrown;
    }
  })();
  expect(error).toBeInstanceOf(AppError);
  expect(error).toMatchObject({ code: "server.bad_arguments" });
  expect((error as AppError).message).toContain(wanted);
  expect((error as AppError).message).toContain("Try: npm start -- --help");
});
