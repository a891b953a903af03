import { STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import { errorBody, HttpError } from "./errors.ts";

/** Answers what never became a request: too slow, headers too large, not HTTP. Node calls it with the raw socket. */
export function answerClientError(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code !== "ECONNRESET" && socket.writable) {
    const told =
      error.code === "ERR_HTTP_REQUEST_TIMEOUT"
        ? HttpError.timed_out({})
        : error.code === "HPE_HEADER_OVERFLOW"
          ? HttpError.headers_too_large({})
          : HttpError.malformed({});
    const body = errorBody(told, "none");
    socket.write(
      `HTTP/1.1 ${told.status} ${STATUS_CODES[told.status]}\r\nconnection: close\r\n` +
        `content-type: application/json; charset=utf-8\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    );
  }
  socket.destroySoon();
}
