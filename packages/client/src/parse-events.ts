export type ServerEvent = { event: string; data: string; id: string };

/**
 * Events of a text/event-stream body, as the HTML standard reads it: fields by line, an empty line ends an event, one
 * without data is dropped. `onBytes` is called for everything that arrives, comments included.
 */
export async function* parseEvents(
  body: ReadableStream<Uint8Array>,
  onBytes: () => void = () => {},
): AsyncGenerator<ServerEvent> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  let event = "message";
  let data: string[] = [];
  let id = "";
  try {
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      onBytes();
      rest += decoder.decode(read.value, { stream: true });
      // A lone \r at the end may be half of \r\n: it waits for the next bytes.
      const lines = rest.split(/\r\n|\n|\r(?!$)/);
      rest = lines.pop() ?? "";
      for (const line of lines) {
        if (line !== "") {
          const colon = line.indexOf(":");
          const field = colon === -1 ? line : line.slice(0, colon);
          const value = colon === -1 ? "" : line.slice(colon + 1).replace(/^ /, "");
          if (field === "event") event = value;
          else if (field === "data") data.push(value);
          else if (field === "id") id = value;
          continue;
        }
        if (data.length > 0) yield { event, data: data.join("\n"), id };
        event = "message";
        data = [];
      }
    }
  } finally {
    reader.releaseLock();
  }
}
