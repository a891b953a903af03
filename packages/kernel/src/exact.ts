import { KernelError } from "./kernel-error.ts";

/** Ends a switch over a closed set: the compiler refuses it while a case is missing. */
export function never(value: never): never {
  throw KernelError.missing({ what: `a case for ${JSON.stringify(value)}` });
}

/** `list[index]`, or an error instead of undefined. @throws kernel.missing */
export function at<T>(list: readonly T[], index: number): T {
  const value = list[index];
  if (value === undefined) throw KernelError.missing({ what: `element ${index} of ${list.length}` });
  return value;
}

/** The value, or an error that names what is not there. @throws kernel.missing */
export function need<T>(value: T | null | undefined, what: string): T {
  if (value === null || value === undefined) throw KernelError.missing({ what });
  return value;
}

export const ascending = (a: bigint | number, b: bigint | number): number => (a < b ? -1 : a > b ? 1 : 0);
