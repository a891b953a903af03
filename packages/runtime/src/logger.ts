import { pino } from "pino";
import { redact, redactText } from "./redact.ts";

export type Logger = pino.Logger;
export type LogLevel = "debug" | "info" | "warn" | "error" | "silent";
/** Where finished lines go; a line ends in a newline. */
export type LogSink = { write(line: string): void };

const settings: { level: LogLevel; sink: LogSink } = { level: "info", sink: process.stdout };

/**
 * Sets the level and the sink of the process. Call it first: loggers made before keep the level that they have,
 * and write to the new sink.
 */
export function configureLogs(change: { level?: LogLevel; sink?: LogSink }): void {
  Object.assign(settings, change);
}

// Secrets are taken out of the finished line, so that nothing on the way (a child's bindings, an error's stack,
// a message put together by hand) can go round it.
const guarded: LogSink = {
  write: (line) => {
    settings.sink.write(clean(line));
  },
};

function clean(line: string): string {
  try {
    return `${JSON.stringify(redact(JSON.parse(line)))}\n`;
  } catch {
    // Not JSON: a line that somebody wrote past pino. Its text is still cleaned.
    return redactText(line);
  }
}

/** JSON lines with the part's name, ISO time, and no secrets. */
export function logger(name: string): Logger {
  return pino(
    {
      level: settings.level,
      base: { name },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    guarded,
  );
}
