import type { Draft, Problems } from "./draft.ts";

/** What every part of the form gets: the draft, how to change it, and the problems that may be shown by now. */
export type FormPart = {
  draft: Draft;
  set: (change: Partial<Draft>) => void;
  problems: Problems;
};
