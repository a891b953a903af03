import type { Chart } from "./chart.ts";

/** One sweep: a table, and the picture of it, where it has one. */
export type Sweep = { name: string; table: string[][]; chart?: Chart };

export const PERCENT = [0, 20, 40, 60, 80, 100];
export const text = (value: number): string => String(Number(value.toPrecision(3)));
