import { i18n, type MessageDescriptor } from "@lingui/core";
import { msg, t } from "@lingui/core/macro";
import type { OpinionLabel } from "./sheets.ts";

/** Where a label stands from 0 to 100. */
export const placeOf = ({ stance }: Pick<OpinionLabel, "stance">): number =>
  Math.round((stance + 10_000) / 200);

/** Why a label did not count, for people. */
export const rejectionWords = (reason: string): string =>
  REASONS[reason] ? i18n._(REASONS[reason]) : reason === "" ? t`it was not kept` : reason;
const REASONS: Record<string, MessageDescriptor> = {
  empty: msg`it is empty`,
  not_labelled: msg`opinions with larger stakes were labelled first, and the analyst’s budget for the market ended`,
  no_text: msg`its text could not be found`,
  hidden_characters: msg`it hides characters`,
  no_words: msg`it has no words that could be read`,
  too_short: msg`it is too short`,
  addresses_analyst: msg`it speaks to whoever grades it`,
  repeats_itself: msg`it repeats itself`,
  copies_statement: msg`it repeats the statement`,
};
