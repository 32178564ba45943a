"""The unfinished parts of real packages, written as SQL by hand, in the order of the scripts.

What is missing here reads or rewrites rows: there is nothing to do in a database without any.
"""

INDEX = "ix_flow_run__state_type_coalesce_start_time"

PREFECT = {
    # Makes an index, or makes it again where an earlier attempt has left it invalid.
    "d4a7e1c93f52": (
        f"CREATE INDEX CONCURRENTLY {INDEX} ON flow_run (state_type, COALESCE(start_time, expected_start_time));",
    ),
}

MLFLOW = {
    # A table that some early databases had already.
    "3500859a5d39": ("""
CREATE TABLE registered_model_aliases (
    alias varchar(256) NOT NULL,
    version integer NOT NULL,
    name varchar(256) NOT NULL,
    CONSTRAINT registered_model_alias_pk PRIMARY KEY (name, alias),
    CONSTRAINT registered_model_alias_name_fkey FOREIGN KEY (name) REFERENCES registered_models (name)
        ON DELETE CASCADE ON UPDATE CASCADE
);
""",),
    # Constraints whose names are looked up.
    "0584bdc529eb": ("ALTER TABLE datasets DROP CONSTRAINT datasets_experiment_id_fkey;",),
    "1b5f0d9ad7c1": (
        # Another name after a downgrade: these look for what is there.
        """
ALTER TABLE experiments
    DROP CONSTRAINT IF EXISTS experiments_name_key,
    DROP CONSTRAINT IF EXISTS uq_experiments_name;
""",
        """
ALTER TABLE model_versions DROP CONSTRAINT model_versions_name_fkey;
ALTER TABLE registered_model_tags DROP CONSTRAINT registered_model_tags_name_fkey;
ALTER TABLE registered_model_aliases DROP CONSTRAINT registered_model_alias_name_fkey;
ALTER TABLE model_version_tags
    DROP CONSTRAINT IF EXISTS model_version_tags_name_version_fkey,
    DROP CONSTRAINT IF EXISTS model_version_tags_mv_fkey;
""",
        "DROP INDEX unique_secret_name;",
        "DROP INDEX unique_endpoint_name;",
        "DROP INDEX unique_model_definition_name;",
    ),
    # Columns that a tool of the package may have added before.
    "75868b020152": ("""
ALTER TABLE trace_info
    ADD COLUMN trace_name varchar(4096),
    ADD COLUMN session_id varchar(250),
    ADD COLUMN input_tokens bigint,
    ADD COLUMN output_tokens bigint,
    ADD COLUMN total_tokens bigint,
    ADD COLUMN cache_read_input_tokens bigint,
    ADD COLUMN cache_creation_input_tokens bigint,
    ADD COLUMN cache_creation_input_tokens_above_1hr bigint,
    ADD COLUMN input_cost double precision,
    ADD COLUMN output_cost double precision,
    ADD COLUMN total_cost double precision;
ALTER TABLE assessments
    ADD COLUMN experiment_id integer,
    ADD COLUMN trace_timestamp_ms bigint,
    ADD COLUMN aggregate_value double precision,
    ADD COLUMN is_numeric_value boolean DEFAULT false;
ALTER TABLE spans
    ADD COLUMN input_cost double precision,
    ADD COLUMN output_cost double precision,
    ADD COLUMN total_cost double precision,
    ADD COLUMN model_name varchar(500),
    ADD COLUMN model_provider varchar(500);
""",),
}  # fmt: skip
