import { OracleError } from "../core/index.ts";

/** `block:logIndex` of the last item of the page before. @throws oracle.bad_cursor */
export function readCursor(cursor: string): { block: number; logIndex: number } {
  const found = /^(\d{1,15}):(\d{1,9})$/.exec(cursor);
  if (!found) throw OracleError.bad_cursor({ cursor });
  return { block: Number(found[1]), logIndex: Number(found[2]) };
}
