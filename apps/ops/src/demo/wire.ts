import { wireIntent, wireRelayed } from "@sooth/markets/core";
import { wireCall, wireHex32, wireQuestionDetail, wireTypedData } from "@sooth/oracle/core";
import { z } from "zod";

/** What the demo reads of the API's answers. */
export const preparedQuestion = z.object({ id: wireHex32, calls: z.array(wireCall) });
export const preparedMarket = z.object({ id: wireHex32, calls: z.array(wireCall) });
export const preparedStake = z.object({
  intent: wireIntent,
  permit: wireTypedData.nullable(),
  typedData: wireTypedData,
  calls: z.array(wireCall),
});
export { wireQuestionDetail, wireRelayed };
