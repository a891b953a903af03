/** A line that is longer is of nobody whom we would answer. */
const LONGEST = 1_000_000;

/** The lines of a stream that are not empty, as they come. @throws when one is too long */
export async function* linesOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  let rest = "";
  const decoder = new TextDecoder();
  for await (const bytes of stream) {
    const lines = (rest + decoder.decode(bytes, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    if (rest.length > LONGEST) throw new Error("a line of the stream is too long");
    yield* lines.filter((line) => line !== "");
  }
}
