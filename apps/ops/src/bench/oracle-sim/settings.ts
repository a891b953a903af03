import type { Limits } from "@sooth/oracle/core";

export const KINDS = ["honest", "lazy", "copying", "bribed", "colluding"] as const;
export type Kind = (typeof KINDS)[number];

/** One run. Shares are 0..1; money is in dollars. */
export type Settings = {
  seed: number;
  questions: number;
  /** Providers that answer a question. */
  seats: number;
  /** Staked providers without a seat, who sit on juries. With `rotating` all take turns in the seats. */
  bench: number;
  rotating: boolean;
  /** Share of the providers of each kind that is not honest, on seats and bench alike. */
  mix: Record<Exclude<Kind, "honest">, number>;
  /** Share of questions that an attacker picks: colluders one half, a briber the other. */
  attacked: number;
  /** Share of questions that ask for a figure. */
  figures: number;
  /** Share of a clique whose stakes one address paid; of the others, how many were paid by an exchange, and in pairs by one custodian. */
  oneFunder: number;
  exchange: number;
  custodian: number;
  /** Share of honest providers that read one public source each, and how often such a source is wrong. */
  oneSource: number;
  sourceFails: number;
  /** Answers can be disputed. */
  ladder: boolean;
  /** What the monitor finds shares one cap and is kept from common juries. */
  monitor: boolean;
  limits: Partial<Limits>;
  /** Share of a jury's drawn weight that decides. */
  supermajority: number;
  /** Deposit of a dispute as a share of the value at stake, before its bounds. */
  deposit: number;
  /** Questions between two looks of the monitor. */
  scanEvery: number;
};

export const DEFAULTS: Settings = {
  seed: 1,
  questions: 100_000,
  seats: 31,
  bench: 60,
  rotating: false,
  mix: { lazy: 0.1, copying: 0.07, bribed: 0.1, colluding: 0.16 },
  attacked: 0.01,
  figures: 0.2,
  oneFunder: 0.6,
  exchange: 0.3,
  custodian: 0.1,
  oneSource: 0.6,
  sourceFails: 0.002,
  ladder: true,
  monitor: true,
  limits: {},
  supermajority: 0.65,
  deposit: 0.005,
  scanEvery: 5_000,
};

export const NOBODY = { lazy: 0, copying: 0, bribed: 0, colluding: 0 };

export const settingsWith = (changed: Partial<Settings>): Settings => ({ ...DEFAULTS, ...changed });
