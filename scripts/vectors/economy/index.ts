import { deposits } from "./deposit.ts";
import { epochRecord } from "./epoch-record.ts";
import { reputation } from "./reputation.ts";
import { rewards } from "./reward.ts";
import { seatWeights } from "./seat-weights.ts";
import { slash } from "./slash.ts";

export function economy(): void {
  reputation();
  seatWeights();
  slash();
  deposits();
  rewards();
  epochRecord();
}
