import type { Address, Hex } from "@sooth/kernel";
import { z } from "zod";
import { OpsError } from "../ops-error.ts";
import { readText } from "../verify/log-source.ts";

/** What files of swaps and orders are made of, as people and programs write it. */
export const address = z
  .string()
  .regex(/^0x[0-9a-fA-F]{40}$/, "wants an address")
  .transform((text) => text as Address);
export const bytes32 = z
  .string()
  .regex(/^0x[0-9a-fA-F]{64}$/, "wants 0x and 64 digits")
  .transform((text) => text as Hex);
export const units = z
  .union([z.number().int().nonnegative(), z.string().regex(/^\d+$/, "wants a whole number")])
  .transform((text) => BigInt(text));

/** @throws ops.unreadable */
export async function readJson<T extends z.ZodType>(file: string, shape: T): Promise<z.infer<T>> {
  const text = await readText(file);
  try {
    return shape.parse(JSON.parse(text));
  } catch (error) {
    const why = error instanceof z.ZodError ? z.prettifyError(error) : (error as Error).message;
    throw OpsError.unreadable({ file, why }, { cause: error });
  }
}

/** Numbers of any size as decimal strings. */
export const jsonText = (value: object): string =>
  `${JSON.stringify(value, (_, one: unknown) => (typeof one === "bigint" ? String(one) : one), 2)}\n`;
