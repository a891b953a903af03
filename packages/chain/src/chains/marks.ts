import type { ChainDefinition } from "./chain-definition.ts";

type Marks = ChainDefinition["marks"];

/** An epoch is 384 s. A block's checkpoint is justified one epoch after it stands, and finalised two after it; a block waits for half of one on average. */
export const ethereumMarks: Marks = {
  safe: { least: 384, usual: 576 },
  finalized: { least: 768, usual: 960 },
};

/**
 * Of rollups on Ethereum: safe once a batch with the block is there (Arbitrum: and is safe there), finalized with that batch. How
 * often batches come is their operator's choice; minutes, when little is sent.
 */
export const rollupMarks: Marks = {
  safe: { least: 12, usual: 600 },
  finalized: { least: 768, usual: 1_200 },
};

/** Milestones of Polygon's validators. */
export const polygonMarks: Marks = {
  safe: { least: 2, usual: 60 },
  finalized: { least: 2, usual: 60 },
};

/** An anvil's words trail its head by 32 and 64 blocks, however fast they come. */
export const localMarks: Marks = {
  safe: { least: 0, usual: 32 },
  finalized: { least: 0, usual: 64 },
};
