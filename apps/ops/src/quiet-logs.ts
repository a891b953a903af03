import { configureLogs } from "@sooth/runtime";

/**
 * Keeps the server's JSON lines out of what people read. The last of them are told when the demo fails: the demo
 * breaks things on purpose, so warnings alone mean nothing.
 */
export function quietLogs(keep: number): () => string[] {
  const lines: string[] = [];
  configureLogs({
    level: "warn",
    sink: {
      write: (line) => {
        lines.push(line.trimEnd());
        if (lines.length > keep) lines.shift();
      },
    },
  });
  return () => lines;
}
