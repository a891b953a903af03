import type { OpinionMarket } from "../../api.ts";
import { Status } from "../../components/status.tsx";

const STATUS = {
  open: { tone: "live", text: "Open for opinions" },
  revealing: { tone: "wait", text: "Closed, stances are being told" },
  judging: { tone: "wait", text: "Closed, being judged" },
  drawing: { tone: "wait", text: "Scored, the draw is due" },
  settled: { tone: "done", text: "Settled" },
  void: { tone: "off", text: "Void, stakes go back" },
} as const satisfies Record<OpinionMarket["status"], Parameters<typeof Status>[0]>;

export const OPINION_STATUSES = ["open", "revealing", "judging", "drawing", "settled", "void"] as const;
export const opinionStatusText = (status: OpinionMarket["status"]): string => STATUS[status].text;
export const OpinionStatus = ({ status }: { status: OpinionMarket["status"] }) => (
  <Status {...STATUS[status]} />
);

/** Why a market is void, as a sentence. */
export function voidWords(why: string | null): string {
  switch (why) {
    case "invalid":
      return "The question ended without a valid answer.";
    case "confidence":
      return "The answer is less sure than the market’s terms want.";
    case "weights":
      return "By the score nobody would have been paid.";
    case "expired":
      return "It was not scored in time.";
    default:
      return "";
  }
}
