/** The most characters that the texts of a schema may have, as JavaScript counts them. Forms say so before they are sent. */
export const TEXT_ROOM = {
  question: 1_000,
  description: 5_000,
  /** An outcome's label, or the name of an item. */
  label: 80,
  unit: 20,
  /** A number that is written out: a default, a tolerance. */
  number: 60,
  sourceName: 60,
  url: 500,
  path: 200,
} as const;
