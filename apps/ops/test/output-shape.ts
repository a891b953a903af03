/** What differs from run to run stands in for itself: hashes, signatures, the time, the beacon's rounds, and how many blocks a deployment took. */
export function shape(text: string): string[] {
  const blocks = new Map<string, string>();
  const blockOf = (number: string): string => {
    const known = blocks.get(number) ?? `BLOCK${blocks.size}`;
    blocks.set(number, known);
    return known;
  };
  return text
    .replace(/0x[0-9a-f]{128}\b/g, "SIGNATURE")
    .replace(/0x[0-9a-f]{64}/g, "HASH")
    .replace(/\bround \d{7,}\b/g, "round ROUND")
    .replace(/\b1[789]\d{8}\b( \([^)]*Z\))?/g, "TIME")
    .split("\n")
    .map((line) =>
      line.replace(
        /^(ok|DIFFERS) +(\d+)(:\d+) +/,
        (_, mark, block, log) => `${mark} ${blockOf(block)}${log} `,
      ),
    )
    .map((line) => line.replace(/up to block \d+/, "up to BLOCK"));
}
