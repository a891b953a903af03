import { createReadStream } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import path from "node:path";

const READ_BYTES = 1_048_576;
const LINE_FEED = 0x0a;

/**
 * Tells every whole line, one after the other: the file may be larger than any text or list in memory.
 * @param until bytes to be read; all of them when not given
 * @returns bytes of the whole lines; what stands behind the last line feed was never synced as a whole
 */
export async function readLines(
  file: string,
  told: (line: Buffer, number: number) => void | Promise<void>,
  until?: number,
): Promise<number> {
  if (until === 0) return 0;
  let rest: Buffer[] = [];
  let [bytes, count] = [0, 0];
  const end = until === undefined ? {} : { end: until - 1 };
  try {
    for await (const part of createReadStream(file, { highWaterMark: READ_BYTES, ...end })) {
      const chunk = part as Buffer;
      let from = 0;
      for (let at = chunk.indexOf(LINE_FEED); at >= 0; at = chunk.indexOf(LINE_FEED, from)) {
        const line = Buffer.concat([...rest, chunk.subarray(from, at)]);
        rest = [];
        from = at + 1;
        bytes += line.length + 1;
        const done = told(line, ++count);
        if (done) await done;
      }
      if (from < chunk.length) rest.push(chunk.subarray(from));
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return 0;
    throw error;
  }
  return bytes;
}

/** The file, open behind its last whole line; it is there after a crash too. */
export async function openBehind(file: string, bytes: number): Promise<FileHandle> {
  const handle = await open(file, "a", 0o600);
  await handle.truncate(bytes);
  await handle.sync();
  await syncFolder(file);
  return handle;
}

/** What a folder names is there after a crash too. */
export async function syncFolder(file: string): Promise<void> {
  const folder = await open(path.dirname(file), "r");
  await folder.sync();
  await folder.close();
}

/** Bytes `from` to `until` of the file, behind what `to` has. */
export async function copyPart(file: string, from: number, until: number, to: FileHandle): Promise<void> {
  if (from >= until) return;
  for await (const part of createReadStream(file, { start: from, end: until - 1 }))
    await to.appendFile(part as Buffer);
}
