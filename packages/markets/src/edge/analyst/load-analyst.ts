import { readFileSync } from "node:fs";
import path from "node:path";
import { type AnalystModel, decodeModel } from "../../core/analyst/model.ts";

export const ANALYST_FILE = path.join(import.meta.dirname, "offline.model");

let loaded: AnalystModel | undefined;

/** The offline analyst's weights; read when first asked for, then kept. @throws markets.bad_model */
export function loadAnalyst(): AnalystModel {
  loaded ??= decodeModel(readFileSync(ANALYST_FILE));
  return loaded;
}
