import { eraseContent, retryPins } from "@sooth/markets";
import { cidOf, ContentError, hashNamed } from "@sooth/markets/core";
import { z } from "zod";
import { command } from "../cli/command.ts";
import { tableArgs, withTables } from "../tables.ts";

export const contentErase = command({
  name: "content erase",
  about: "forgets a text for good, here and where it was pinned; its hash is on the chain and stays",
  args: z.object({
    name: z.string().describe("the text's CID, or its SHA-256 as 0x and 64 hex digits"),
    ...tableArgs,
  }),
  positional: ["name"],
  run: ({ name, json, dataDir }, terminal) =>
    withTables(dataDir, async (store) => {
      const sha256 = hashNamed(name);
      if (sha256 === null) throw ContentError.bad_name({ name });
      const erased = await eraseContent(store, sha256);
      const cid = cidOf(sha256);
      if (json) terminal.result({ cid, sha256, erased });
      else terminal.line(erased ? `${cid} is erased` : `${cid} was erased before`);
    }),
});

export const contentRetry = command({
  name: "content retry",
  about: "has texts pinned again that were given up after two days of trying",
  args: z.object(tableArgs),
  run: ({ json, dataDir }, terminal) =>
    withTables(dataDir, async (store) => {
      const tried = await retryPins(store);
      if (json) terminal.result({ tried });
      else terminal.line(`${tried} are tried again`);
    }),
});
