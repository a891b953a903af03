import { once } from "node:events";
import { readFileSync } from "node:fs";
import { z } from "zod";
import { command } from "../cli/command.ts";
import { OpsError } from "../ops-error.ts";
import { serveTools, toolsAt } from "../mcp/serve.ts";

export const mcp = command({
  name: "mcp",
  about:
    "serves the API to a language model over standard input and output (Model Context Protocol): reads, and transactions prepared for a wallet",
  args: z.object({
    url: z.url().default("http://127.0.0.1:3000").describe("the API's address"),
    keyFile: z
      .string()
      .optional()
      .describe("a file with an API key, where the limits of strangers are too low"),
    tags: z
      .string()
      .default("")
      .transform((text) => text.split(",").filter((tag) => tag !== ""))
      .describe("only these groups of tools, such as markets,opinions"),
  }),
  run: async ({ url, keyFile, tags }, terminal) => {
    const options = { apiUrl: url.replace(/\/+$/, ""), apiKey: keyFile && keyIn(keyFile), tags };
    const tools = await toolsAt(options);
    // Standard output belongs to the protocol.
    terminal.complain(`${tools.length} tools of ${options.apiUrl}`);
    const handle = serveTools(tools, options, terminal.complain);
    await once(process.stdin, "end");
    await handle.close();
    return 0;
  },
});

/** @throws ops.unreadable */
function keyIn(file: string): string {
  try {
    return readFileSync(file, "utf8").trim();
  } catch (cause) {
    throw OpsError.unreadable(
      { file, why: cause instanceof Error ? cause.message : String(cause) },
      { cause },
    );
  }
}
