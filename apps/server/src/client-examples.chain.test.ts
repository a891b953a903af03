import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { at } from "@sooth/kernel";
import { createKey, serverTime } from "@sooth/oracle";
import { openStore } from "@sooth/store";
import { afterAll, beforeAll, expect, test } from "vitest";
import { loadConfig } from "./config.ts";
import { privateKeyOf } from "./laptop/accounts.ts";
import { startStack, type Stack } from "./stack.ts";

// The examples of the client's package, run as anybody would run them, each in a process of its own.
const folder = mkdtempSync(path.join(tmpdir(), "sooth-examples-"));
const EXAMPLES = path.resolve(import.meta.dirname, "../../../packages/client/examples");
let stack: Stack;
let rpcUrl: string;

beforeAll(async () => {
  stack = await startStack({
    config: loadConfig({ SOOTH_DATA_DIR: folder, SOOTH_PORT: "0" }),
    freePorts: true,
    durable: false,
  });
  rpcUrl = at(stack.config.HUB_RPC_URLS, 0);
}, 120_000);
afterAll(async () => {
  await stack?.stop();
  rmSync(folder, { recursive: true, force: true });
});

type Said = Record<string, unknown>;
/** What an example prints: a JSON object a line. */
async function example(name: string, ...args: string[]): Promise<Said[]> {
  const script = path.join(EXAMPLES, name);
  const { stdout } = await promisify(execFile)(process.execPath, [script, ...args], { timeout: 150_000 });
  return stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Said);
}
const keyOf = (user: number): string => {
  const { account } = at(stack.accounts?.users ?? [], user);
  return privateKeyOf(account);
};

test(
  "a script asks, gets its receipt, and waits; another acts when it is final; a third reads it and trusts only the chain",
  {
    timeout: 240_000,
  },
  async () => {
    // The first signer set, without which nobody answers.
    await expect
      .poll(
        async () => {
          const providers = (await (await fetch(`${stack.url}/v1/providers`)).json()) as {
            items: { seat: number | null }[];
          };
          return providers.items.filter(({ seat }) => seat !== null).length;
        },
        { timeout: 60_000 },
      )
      .toBe(4);

    const [asked, final] = await example("ask-and-wait.ts", stack.url, rpcUrl, keyOf(0));
    expect(asked).toMatchObject({ asked: expect.stringMatching(/^0x/), confirmedInMs: expect.any(Number) });
    const question = String(asked?.asked);
    expect(final).toEqual({ question, status: "final", value: expect.stringMatching(/^[01]$/) });

    const read = await example("read-final-answer.ts", stack.url, rpcUrl, question);
    expect(read).toEqual([{ question, value: final?.value, block: expect.any(Number), verified: true }]);
    const nobody = "0x000000000000000000000000000000000000dEaD";
    await expect(example("read-final-answer.ts", stack.url, rpcUrl, question, nobody)).rejects.toThrow(
      "nobody whom you trust signed it",
    );

    const store = openStore({ url: stack.config.DATABASE_URL ?? "", max: 1 });
    const key = await createKey(
      store.db,
      { owner: null, name: "example", scopes: ["read", "events"] },
      serverTime(),
    );
    const acting = example("act-on-final.ts", stack.url, question, key.text);
    expect((await acting).at(-1)).toEqual({ acted: `paid out on ${String(final?.value)}` });
    await store.close();
  },
);

test(
  "a subscriber sees a question open and answered, and acts once it is final",
  { timeout: 240_000 },
  async () => {
    const asking = example("ask-and-wait.ts", stack.url, rpcUrl, keyOf(1));
    const question = await new Promise<string>((resolve, reject) => {
      const look = async () => {
        const list = (await (await fetch(`${stack.url}/v1/questions?status=open`)).json()) as {
          items: { id: string }[];
        };
        if (list.items[0]) resolve(list.items[0].id);
        else setTimeout(() => void look().catch(reject), 100);
      };
      void look().catch(reject);
    });
    const said = await example("act-on-final.ts", stack.url, question);
    const final = (await asking).at(-1);
    expect(said.filter((line) => "acted" in line)).toEqual([
      { acted: `paid out on ${String(final?.value)}` },
    ]);
    expect(at(said, 0)).toMatchObject({ saw: expect.stringMatching(/open|answered/) });
    expect(at(said, said.length - 2)).toMatchObject({ saw: "final" });
  },
);
