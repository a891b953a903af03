-- What was handed over for phases that are long over is found by its phase, and forgotten.
create index report_commitments_by_phase on oracle.report_commitments (phase);
create index commit_batches_by_phase on oracle.commit_batches (phase);
create index batch_signatures_by_phase on oracle.batch_signatures (phase);
create index report_openings_by_phase on oracle.report_openings (phase);
