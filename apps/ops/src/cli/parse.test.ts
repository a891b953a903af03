import { expect, test } from "vitest";
import { z } from "zod";
import { command } from "./command.ts";
import { commandHelp, helpText } from "./help.ts";
import { nearest } from "./nearest.ts";
import { runCommand } from "./run.ts";

const seen: unknown[] = [];
const remember = (args: unknown) => {
  seen.push(args);
  return Promise.resolve(0);
};
const commands = [
  command({
    name: "demo",
    about: "runs everything once",
    args: z.object({
      json: z.boolean().default(false).describe("one JSON object"),
      prices: z.string().optional().describe("a CSV of date,value"),
      killServer: z.coerce.number("wants a number").int().min(0).default(0).describe("how often"),
    }),
    run: remember,
  }),
  command({ name: "deploy plan", about: "says what would be deployed", args: z.object({}), run: remember }),
  command({
    name: "bench",
    about: "measures",
    args: z.object({ name: z.enum(["gas", "api"]).optional().describe("one part") }),
    positional: ["name"],
    run: remember,
  }),
];

async function run(...argv: string[]): Promise<{ code: number; said: string; args: unknown }> {
  const said: string[] = [];
  seen.length = 0;
  const line = (text = "") => void said.push(text);
  const terminal = { line, complain: line, result: (value: unknown) => line(JSON.stringify(value)) };
  const code = await runCommand(argv, commands, terminal);
  return { code, said: said.join("\n"), args: seen[0] };
}

test.each([
  [["demo"], { json: false, killServer: 0 }],
  [["demo", "--json", "--kill-server", "10"], { json: true, killServer: 10 }],
  [["demo", "--prices=a b=c.csv"], { json: false, killServer: 0, prices: "a b=c.csv" }],
  [["deploy", "plan"], {}],
  [["bench", "gas"], { name: "gas" }],
])("%j", async (argv, wanted) => {
  expect(await run(...argv)).toMatchObject({ code: 0, args: wanted });
});

test.each([
  [["dmeo"], /no command "dmeo"; did you mean "demo"\?.*\[ops\.unknown_command\]/],
  [["deploy"], /did you mean "deploy plan"/],
  [["deploy", "plna"], /did you mean "deploy plan"/],
  [["help", "dmeo"], /did you mean "demo"/],
  [["quux"], /no command "quux" \(help lists them all\)/],
  [["demo", "--jsno"], /demo has no --jsno; did you mean --json\?/],
  [["demo", "now"], /demo has no argument "now"/],
  [["demo", "--json=yes"], /--json: takes no value/],
  [["demo", "--prices"], /--prices: wants a value/],
  [["demo", "--prices", "--json"], /--prices: wants a value/],
  [["demo", "--kill-server", "many"], /--kill-server: wants a number/],
  [["bench", "gsa"], /bench: NAME: wants one of gas, api /],
  [["bench", "-3"], /bench: NAME: wants one of gas, api /],
])("%j is refused", async (argv, wanted) => {
  const { code, said, args } = await run(...argv);
  expect({ code, args }).toEqual({ code: 2, args: undefined });
  expect(said).toMatch(wanted);
});

test("half of a command is refused, and told the other half", async () => {
  const { code, said } = await run("deploy");
  expect(code).toBe(2);
  expect(said).toContain("  sooth deploy plan\n      says what would be deployed");
});

test("help, in every spelling", async () => {
  expect((await run()).said).toBe(helpText(commands));
  expect((await run("--help")).said).toBe(helpText(commands));
  expect((await run("help", "demo")).said).toBe((await run("demo", "-h")).said);
  expect(`${helpText(commands)}\n---\n${commands.map(commandHelp).join("\n---\n")}`).toMatchSnapshot();
});

test.each([[["deploy", "--help"]], [["help", "deploy"]], [["deploy", "-h"]]])(
  "%j tells the usage of all that begin so",
  async (argv) => {
    const { code, said } = await run(...argv);
    expect(code).toBe(0);
    expect(said).toContain("  sooth deploy plan\n      says what would be deployed");
    expect(said).not.toContain("bench");
  },
);

test("nearest offers nothing far-fetched", () => {
  expect(nearest("--jsn", ["--json", "--prices"])).toBe("--json");
  expect(nearest("elephant", ["demo", "bench"])).toBeUndefined();
});

test("help tells what is wanted from what may be left out", () => {
  const look = command({
    name: "look",
    about: "looks",
    args: z.object({ question: z.string(), outcome: z.coerce.number().default(0) }),
    positional: ["question", "outcome"],
    run: remember,
  });
  expect(commandHelp(look)).toContain("sooth look <QUESTION> [OUTCOME] [flags]");
  expect(commandHelp(look)).toMatch(/^ {2}<QUESTION> /m);
});
