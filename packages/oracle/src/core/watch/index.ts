export {
  findingToWire,
  type Judgement,
  judgeAnswer,
  type Severity,
  type WatchFinding,
  wireWatchFinding,
} from "./judge.ts";
export * from "./planted.ts";
export * from "./record.ts";
export { silenceReading, watcherClaimFrom } from "./silence.ts";
