import { hideComment } from "@sooth/markets";
import { CommentsError, wireCommentId } from "@sooth/markets/core";
import { z } from "zod";
import { command } from "../cli/command.ts";
import { tableArgs, withTables } from "../tables.ts";

const id = z.string().describe("the comment's number, as the API and its link on the page name it");
const numbered = (comment: string): string => {
  if (!wireCommentId.safeParse(comment).success) throw CommentsError.unknown({ comment });
  return comment;
};

export const commentHide = command({
  name: "comment hide",
  about: "hides a comment from the pages, for a reason that stands in its place",
  args: z.object({
    id,
    why: z.string().min(1).max(200).describe("the reason, as everybody reads it"),
    ...tableArgs,
  }),
  positional: ["id", "why"],
  run: ({ id, why, json, dataDir }, terminal) =>
    withTables(dataDir, async (store) => {
      await hideComment(store, numbered(id), why);
      if (json) terminal.result({ id, hidden: true, why });
      else terminal.line(`comment ${id} is hidden: ${why}`);
    }),
});

export const commentShow = command({
  name: "comment show",
  about: "shows a comment again that was hidden",
  args: z.object({ id, ...tableArgs }),
  positional: ["id"],
  run: ({ id, json, dataDir }, terminal) =>
    withTables(dataDir, async (store) => {
      await hideComment(store, numbered(id), null);
      if (json) terminal.result({ id, hidden: false });
      else terminal.line(`comment ${id} is shown again`);
    }),
});
