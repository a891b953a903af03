import { readFileSync } from "node:fs";
import { parseArgs, parseEnv } from "node:util";
import { ROLE_NAMES } from "./config.ts";
import { ServerError } from "./errors.ts";

/** What was said on the command line. `settings` are keys of docs/config.md, and count over the environment's. */
export type Arguments = {
  help: boolean;
  fresh: boolean;
  /** URL of a server that a node joins. */
  join: string | undefined;
  settings: Record<string, string>;
};

const OPTIONS = {
  roles: { type: "string" },
  fresh: { type: "boolean", default: false },
  port: { type: "string" },
  "data-dir": { type: "string" },
  join: { type: "string" },
  settings: { type: "string" },
  help: { type: "boolean", short: "h", default: false },
} as const;
const LAST_PORT = 65_535;

/** @throws server.bad_arguments, naming the option and what it takes */
export function readArguments(argv: readonly string[]): Arguments {
  const { roles, port, "data-dir": dataDir, join, settings: file, fresh, help } = parsed(argv);
  if (roles !== undefined) requireRoles(roles);
  if (port !== undefined && !(/^\d{1,5}$/.test(port) && Number(port) <= LAST_PORT))
    throw wants("--port", `a number from 0 to ${LAST_PORT}`, port);
  if (dataDir === "") throw wants("--data-dir", "the path of a folder", dataDir);
  if (join !== undefined && !URL.canParse(join))
    throw wants("--join", "an address such as http://localhost:3000", join);
  const said = {
    SOOTH_ROLES: roles ?? (join === undefined ? undefined : "provider"),
    SOOTH_PORT: port,
    SOOTH_DATA_DIR: dataDir,
  };
  const inFile = file === undefined ? {} : readSettings(file);
  return { help, fresh, join, settings: { ...given(inFile), ...given(said) } };
}

const given = (settings: Record<string, string | undefined>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(settings).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );

/** Lines of KEY=value, as the page saves a signing key. */
function readSettings(file: string): Record<string, string | undefined> {
  try {
    return parseEnv(readFileSync(file, "utf8"));
  } catch (cause) {
    throw ServerError.bad_arguments({ what: `--settings ${file}: ${(cause as Error).message}` }, { cause });
  }
}

function parsed(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: OPTIONS }).values;
  } catch (cause) {
    const names = Object.keys(OPTIONS).map((name) => `--${name}`);
    const said = argv.find((each) => !names.includes(each.split("=")[0] ?? "") && each !== "-h");
    const isUnknown = ["ERR_PARSE_ARGS_UNKNOWN_OPTION", "ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL"].includes(
      (cause as NodeJS.ErrnoException).code ?? "",
    );
    const what = isUnknown
      ? `there is no option ${JSON.stringify(said)}; there are ${names.join(", ")}`
      : (cause as Error).message;
    throw ServerError.bad_arguments({ what }, { cause });
  }
}

function requireRoles(text: string): void {
  const unknown = text
    .split(",")
    .map((role) => role.trim())
    .find((role) => role !== "" && !(ROLE_NAMES as readonly string[]).includes(role));
  if (unknown !== undefined) throw wants("--roles", `a comma list of ${ROLE_NAMES.join(", ")}`, unknown);
}

const wants = (option: string, what: string, said: string) =>
  ServerError.bad_arguments({ what: `${option} takes ${what}, and not ${JSON.stringify(said)}` });
