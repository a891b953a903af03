import { type FileHandle, open, rename } from "node:fs/promises";
import path from "node:path";
import { canonicalJson } from "@sooth/kernel";

/**
 * Writes a file of one JSON value a line anew beside the old one and puts it in its place, all or nothing.
 * @returns the new file, open behind its last line; the caller closes it
 */
export async function replaceLines(file: string, lines: readonly object[]): Promise<FileHandle> {
  const fresh = `${file}.new`;
  const handle = await open(fresh, "w", 0o600);
  try {
    await handle.writeFile(lines.map((line) => `${canonicalJson(line)}\n`).join(""));
    await handle.sync();
    await rename(fresh, file);
    const folder = await open(path.dirname(file), "r");
    await folder.sync();
    await folder.close();
  } catch (error) {
    await handle.close();
    throw error;
  }
  return handle;
}
