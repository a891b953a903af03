import type { Preprocessor } from "knip";

/** An alert is used by being declared: it lands in the list that docs/metrics.md is written from. */
const withoutAlerts: Preprocessor = (results) => {
  for (const [file, exports] of Object.entries(results.issues.exports))
    results.issues.exports[file] = Object.fromEntries(
      Object.entries(exports).filter(([name]) => {
        if (!name.endsWith("Alert")) return true;
        results.counters.exports -= 1;
        return false;
      }),
    );
  return results;
};

// oxlint-disable-next-line import/no-default-export -- knip takes a preprocessor in no other way
export default withoutAlerts;
