/** `0x12ab…9f0c`: enough to compare by eye, the whole is one click away. */
export const shortHex = (hex: string, digits = 4): string =>
  hex.length <= 2 * digits + 3 ? hex : `${hex.slice(0, 2 + digits)}…${hex.slice(-digits)}`;
