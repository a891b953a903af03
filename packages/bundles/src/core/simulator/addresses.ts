import type { Address } from "@sooth/kernel";

export const addressOf = (number: number): Address => `0x${number.toString(16).padStart(40, "0")}`;

export const HUB = addressOf(0x50);
/** The token of drawn legs, and what they call. */
export const TOKEN = addressOf(0x77);
