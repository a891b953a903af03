/** A question about the running system that an operator can ask at any time. It never changes anything. */
export type Check = {
  /** `<slice>.<what holds>`, for example `markets.stake_covers_open_interest`. */
  id: string;
  why: string;
  run(): Promise<{ ok: true; found?: string } | { ok: false; found: string }>;
};

/** A part that requests rest on. When a critical one fails, `/health` answers 503. */
export type HealthComponent = {
  name: string;
  /** Aborted after two seconds; a check that does not answer in time has failed. */
  check(signal: AbortSignal): Promise<{ ok: true; detail?: unknown } | { ok: false; found: string }>;
  critical: boolean;
};
