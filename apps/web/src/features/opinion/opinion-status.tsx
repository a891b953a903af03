import { i18n, type MessageDescriptor } from "@lingui/core";
import { msg, t } from "@lingui/core/macro";
import type { OpinionMarket } from "../../api.ts";
import { Status } from "../../components/status.tsx";

const STATUS = {
  open: { tone: "live", text: msg`Open for opinions` },
  revealing: { tone: "wait", text: msg`Closed, stances are being told` },
  judging: { tone: "wait", text: msg`Closed, being judged` },
  drawing: { tone: "wait", text: msg`Scored, the draw is due` },
  settled: { tone: "done", text: msg`Settled` },
  void: { tone: "off", text: msg`Void, stakes go back` },
} as const satisfies Record<
  OpinionMarket["status"],
  { tone: Parameters<typeof Status>[0]["tone"]; text: MessageDescriptor }
>;

export const OPINION_STATUSES = ["open", "revealing", "judging", "drawing", "settled", "void"] as const;
export const opinionStatusText = (status: OpinionMarket["status"]): string => i18n._(STATUS[status].text);
export const OpinionStatus = ({ status }: { status: OpinionMarket["status"] }) => (
  <Status tone={STATUS[status].tone} text={opinionStatusText(status)} />
);

/** Why a market is void, as a sentence. */
export function voidWords(why: string | null): string {
  switch (why) {
    case "invalid":
      return t`The question ended without a valid answer.`;
    case "confidence":
      return t`The answer is less sure than the market’s terms want.`;
    case "weights":
      return t`By the score nobody would have been paid.`;
    case "expired":
      return t`It was not scored in time.`;
    default:
      return "";
  }
}
