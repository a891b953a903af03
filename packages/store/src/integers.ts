import { type CustomTypesConfig, types } from "pg";
import { StoreError } from "./store-error.ts";

/** How values come out of the database. Source of the numbers: pg_type.oid. */
const READERS: Record<number, (text: string) => unknown> = {
  20: exactInteger,
  1016: arrayOf(exactInteger),
  1700: exactNumeric,
  1231: arrayOf(exactNumeric),
};

/** int8 is a number, and refused where a number could not hold it. @throws store.unsafe_integer */
function exactInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw StoreError.unsafe_integer({ value: text });
  return value;
}

/** numeric is a bigint when it is whole, else the digits as they are. */
function exactNumeric(text: string): bigint | string {
  return /^-?\d+$/.test(text) ? BigInt(text) : text;
}

// pg's declarations call this a function; it is an object that makes parsers.
const arrays = types.arrayParser as unknown as {
  create(text: string, read: (element: string) => unknown): { parse(): unknown[] };
};

function arrayOf(read: (text: string) => unknown): (text: string) => unknown {
  return (text) => arrays.create(text, read).parse();
}

/** For a connection's `types`: exact integers instead of pg's rounded or textual ones. */
export const exactTypes: CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: "text" | "binary") =>
    format === "binary"
      ? types.getTypeParser(oid, "binary")
      : (READERS[oid] ?? types.getTypeParser(oid, "text"))) as typeof types.getTypeParser,
};
