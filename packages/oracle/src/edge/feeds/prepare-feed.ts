import { feedsAbi } from "@sooth/abi";
import type { Hex } from "@sooth/kernel";
import { encodeFunctionData, zeroAddress, zeroHash } from "viem";
import type { z } from "zod";
import {
  APART_STEP_BPS,
  feedComplaint,
  feedFields,
  feedId,
  FeedsError,
  feedSchemaText,
  FIRST_PARTY_SCHEME,
  schemaHash,
  VALUES_SCHEME,
  type wirePreparedFeed,
  type wirePrepareFeed,
} from "../../core/index.ts";
import type { ApiDeps } from "../deps.ts";

/** A step above so many mean steps is a jump, where nobody says otherwise. */
const USUAL_JUMP = 10;

/** The call that logs the terms of a feed that providers tell, or one key. @throws feeds.bad_terms */
export function prepareFeed(
  { hub, addresses }: Pick<ApiDeps, "hub" | "addresses">,
  {
    schema,
    domain,
    heartbeat,
    signer,
    jump,
    bandBps,
    secondary,
    apartBps,
    nonce,
  }: z.infer<typeof wirePrepareFeed>,
): z.infer<typeof wirePreparedFeed> {
  const what = feedComplaint(schema, { decimals: schema.decimals, heartbeat });
  if (what !== null) throw FeedsError.bad_terms({ what });
  if (signer === zeroAddress)
    throw FeedsError.bad_terms({ what: "nobody holds the key of the zero address" });
  if (signer !== undefined && jump !== undefined && jump !== 0)
    throw FeedsError.bad_terms({ what: "one key is believed or not: its feed has no breaker" });
  if (secondary !== undefined && signer !== undefined)
    throw FeedsError.bad_terms({ what: "one key is believed or not: its feed is held against no other" });
  if (secondary !== undefined && feedFields(secondary as Hex).decimals !== schema.decimals)
    throw FeedsError.bad_terms({ what: `the secondary feed has not ${schema.decimals} decimals` });
  const salt = BigInt(nonce);
  if (salt < 0n || salt >= 1n << 64n) throw FeedsError.bad_terms({ what: "the nonce does not fit 64 bits" });
  const schemaText = feedSchemaText(schema);
  const terms = {
    schema: schemaHash(schemaText),
    scheme: signer === undefined ? VALUES_SCHEME : FIRST_PARTY_SCHEME,
    domain,
    decimals: schema.decimals,
    heartbeat,
    jump: jump ?? (signer === undefined ? USUAL_JUMP : 0),
    bandBps,
    signer: (signer ?? zeroAddress) as Hex,
    secondary: (secondary ?? zeroHash) as Hex,
    apart: secondary === undefined ? 0 : apartBps / APART_STEP_BPS,
    nonce: salt,
  };
  const data = encodeFunctionData({ abi: feedsAbi, functionName: "create", args: [terms, schemaText] });
  const purpose = `Create the feed ${schema.text}`;
  return {
    id: feedId(terms),
    schemaText,
    calls: [{ chainId: hub.definition.id, to: addresses.feeds, data, value: "0", purpose }],
  };
}
