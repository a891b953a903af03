import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";

/** Bytes of files by their path relative to the root, as latin1: every byte is kept, and two are easily compared. */
export type Snapshot = Map<string, string>;

/** All files at and below the given places; a place that does not exist has none. */
export function snapshot(root: string, places: readonly string[]): Snapshot {
  const files = places.flatMap((place) => {
    const full = path.join(root, place);
    if (!existsSync(full)) return [];
    if (!statSync(full).isDirectory()) return [place];
    return readdirSync(full, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)));
  });
  return new Map(
    files.toSorted().map((file) => [file, readFileSync(path.join(root, file)).toString("latin1")]),
  );
}

/** Files that were added, removed or changed, each with the word for it. */
export function differences(before: Snapshot, after: Snapshot): string[] {
  const names = [...new Set([...before.keys(), ...after.keys()])].toSorted();
  return names.flatMap((name) => {
    if (!before.has(name)) return [`${name} (missing)`];
    if (!after.has(name)) return [`${name} (no longer generated)`];
    return before.get(name) === after.get(name) ? [] : [`${name} (differs)`];
  });
}

/** Puts the files back as they were. */
export function restore(root: string, before: Snapshot, after: Snapshot): void {
  for (const name of after.keys()) if (!before.has(name)) rmSync(path.join(root, name));
  for (const [name, bytes] of before)
    if (after.get(name) !== bytes) writeFile(path.join(root, name), Buffer.from(bytes, "latin1"));
}

/** Writes a file, with its folder where that is new. */
export function writeFile(file: string, content: string | Uint8Array): void {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, content);
}
