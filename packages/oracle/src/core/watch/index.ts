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
export { A_DAY, inTurn, leftOfDay, type PutDown, silenceReading, watcherClaimFrom } from "./silence.ts";
