-- Run it in this directory: duckdb warehouse.duckdb -f duckdb.sql
BEGIN TRANSACTION;

CREATE OR REPLACE TABLE "tracks" (
  "id" VARCHAR,
  "received_at" TIMESTAMPTZ,
  "uuid_ts" TIMESTAMPTZ,
  "sent_at" TIMESTAMPTZ,
  "timestamp" TIMESTAMPTZ,
  "original_timestamp" TIMESTAMPTZ,
  "write_key" VARCHAR,
  "anonymous_id" VARCHAR,
  "user_id" VARCHAR,
  "event" VARCHAR,
  "event_text" VARCHAR,
  "_extra" VARCHAR,
  "context_consent_category_preferences_advertising" BOOLEAN,
  "context_consent_category_preferences_analytics" BOOLEAN,
  "context_consent_rev" BIGINT,
  "day" DATE
);
INSERT INTO "tracks" BY NAME SELECT * FROM read_json('tracks/*/*.ndjson', format = 'newline_delimited', columns = {'id': 'VARCHAR', 'received_at': 'TIMESTAMPTZ', 'uuid_ts': 'TIMESTAMPTZ', 'sent_at': 'TIMESTAMPTZ', 'timestamp': 'TIMESTAMPTZ', 'original_timestamp': 'TIMESTAMPTZ', 'write_key': 'VARCHAR', 'anonymous_id': 'VARCHAR', 'user_id': 'VARCHAR', 'event': 'VARCHAR', 'event_text': 'VARCHAR', '_extra': 'VARCHAR', 'context_consent_category_preferences_advertising': 'BOOLEAN', 'context_consent_category_preferences_analytics': 'BOOLEAN', 'context_consent_rev': 'BIGINT'}, hive_partitioning = true, hive_types = {'day': DATE});

CREATE OR REPLACE TABLE "pages" (
  "id" VARCHAR,
  "received_at" TIMESTAMPTZ,
  "uuid_ts" TIMESTAMPTZ,
  "sent_at" TIMESTAMPTZ,
  "timestamp" TIMESTAMPTZ,
  "original_timestamp" TIMESTAMPTZ,
  "write_key" VARCHAR,
  "anonymous_id" VARCHAR,
  "user_id" VARCHAR,
  "name" VARCHAR,
  "category" VARCHAR,
  "_extra" VARCHAR,
  "context_consent_category_preferences_advertising" BOOLEAN,
  "context_consent_category_preferences_analytics" BOOLEAN,
  "context_consent_rev" BIGINT,
  "context_library_name" VARCHAR,
  "context_library_version" VARCHAR,
  "context_tidegate_seq" BIGINT,
  "context_tidegate_tab" VARCHAR,
  "context_user_agent_data_brands" VARCHAR,
  "context_user_agent_data_mobile" BOOLEAN,
  "path" VARCHAR,
  "search" VARCHAR,
  "url" VARCHAR,
  "day" DATE
);
INSERT INTO "pages" BY NAME SELECT * FROM read_json('pages/*/*.ndjson', format = 'newline_delimited', columns = {'id': 'VARCHAR', 'received_at': 'TIMESTAMPTZ', 'uuid_ts': 'TIMESTAMPTZ', 'sent_at': 'TIMESTAMPTZ', 'timestamp': 'TIMESTAMPTZ', 'original_timestamp': 'TIMESTAMPTZ', 'write_key': 'VARCHAR', 'anonymous_id': 'VARCHAR', 'user_id': 'VARCHAR', 'name': 'VARCHAR', 'category': 'VARCHAR', '_extra': 'VARCHAR', 'context_consent_category_preferences_advertising': 'BOOLEAN', 'context_consent_category_preferences_analytics': 'BOOLEAN', 'context_consent_rev': 'BIGINT', 'context_library_name': 'VARCHAR', 'context_library_version': 'VARCHAR', 'context_tidegate_seq': 'BIGINT', 'context_tidegate_tab': 'VARCHAR', 'context_user_agent_data_brands': 'VARCHAR', 'context_user_agent_data_mobile': 'BOOLEAN', 'path': 'VARCHAR', 'search': 'VARCHAR', 'url': 'VARCHAR'}, hive_partitioning = true, hive_types = {'day': DATE});

CREATE OR REPLACE TABLE "screens" (
  "id" VARCHAR,
  "received_at" TIMESTAMPTZ,
  "uuid_ts" TIMESTAMPTZ,
  "sent_at" TIMESTAMPTZ,
  "timestamp" TIMESTAMPTZ,
  "original_timestamp" TIMESTAMPTZ,
  "write_key" VARCHAR,
  "anonymous_id" VARCHAR,
  "user_id" VARCHAR,
  "name" VARCHAR,
  "category" VARCHAR,
  "_extra" VARCHAR,
  "day" DATE
);
INSERT INTO "screens" BY NAME SELECT * FROM read_json('screens/*/*.ndjson', format = 'newline_delimited', columns = {'id': 'VARCHAR', 'received_at': 'TIMESTAMPTZ', 'uuid_ts': 'TIMESTAMPTZ', 'sent_at': 'TIMESTAMPTZ', 'timestamp': 'TIMESTAMPTZ', 'original_timestamp': 'TIMESTAMPTZ', 'write_key': 'VARCHAR', 'anonymous_id': 'VARCHAR', 'user_id': 'VARCHAR', 'name': 'VARCHAR', 'category': 'VARCHAR', '_extra': 'VARCHAR'}, hive_partitioning = true, hive_types = {'day': DATE});

CREATE OR REPLACE TABLE "identifies" (
  "id" VARCHAR,
  "received_at" TIMESTAMPTZ,
  "uuid_ts" TIMESTAMPTZ,
  "sent_at" TIMESTAMPTZ,
  "timestamp" TIMESTAMPTZ,
  "original_timestamp" TIMESTAMPTZ,
  "write_key" VARCHAR,
  "anonymous_id" VARCHAR,
  "user_id" VARCHAR,
  "_extra" VARCHAR,
  "address_city" VARCHAR,
  "address_zip" VARCHAR,
  "context_consent_category_preferences_advertising" BOOLEAN,
  "context_consent_category_preferences_analytics" BOOLEAN,
  "context_consent_rev" BIGINT,
  "email" VARCHAR,
  "plan" VARCHAR,
  "day" DATE
);
INSERT INTO "identifies" BY NAME SELECT * FROM read_json('identifies/*/*.ndjson', format = 'newline_delimited', columns = {'id': 'VARCHAR', 'received_at': 'TIMESTAMPTZ', 'uuid_ts': 'TIMESTAMPTZ', 'sent_at': 'TIMESTAMPTZ', 'timestamp': 'TIMESTAMPTZ', 'original_timestamp': 'TIMESTAMPTZ', 'write_key': 'VARCHAR', 'anonymous_id': 'VARCHAR', 'user_id': 'VARCHAR', '_extra': 'VARCHAR', 'address_city': 'VARCHAR', 'address_zip': 'VARCHAR', 'context_consent_category_preferences_advertising': 'BOOLEAN', 'context_consent_category_preferences_analytics': 'BOOLEAN', 'context_consent_rev': 'BIGINT', 'email': 'VARCHAR', 'plan': 'VARCHAR'}, hive_partitioning = true, hive_types = {'day': DATE});

CREATE OR REPLACE TABLE "groups" (
  "id" VARCHAR,
  "received_at" TIMESTAMPTZ,
  "uuid_ts" TIMESTAMPTZ,
  "sent_at" TIMESTAMPTZ,
  "timestamp" TIMESTAMPTZ,
  "original_timestamp" TIMESTAMPTZ,
  "write_key" VARCHAR,
  "anonymous_id" VARCHAR,
  "user_id" VARCHAR,
  "group_id" VARCHAR,
  "_extra" VARCHAR,
  "employees" VARCHAR,
  "name" VARCHAR,
  "day" DATE
);
INSERT INTO "groups" BY NAME SELECT * FROM read_json('groups/*/*.ndjson', format = 'newline_delimited', columns = {'id': 'VARCHAR', 'received_at': 'TIMESTAMPTZ', 'uuid_ts': 'TIMESTAMPTZ', 'sent_at': 'TIMESTAMPTZ', 'timestamp': 'TIMESTAMPTZ', 'original_timestamp': 'TIMESTAMPTZ', 'write_key': 'VARCHAR', 'anonymous_id': 'VARCHAR', 'user_id': 'VARCHAR', 'group_id': 'VARCHAR', '_extra': 'VARCHAR', 'employees': 'VARCHAR', 'name': 'VARCHAR'}, hive_partitioning = true, hive_types = {'day': DATE});

CREATE OR REPLACE TABLE "aliases" (
  "id" VARCHAR,
  "received_at" TIMESTAMPTZ,
  "uuid_ts" TIMESTAMPTZ,
  "sent_at" TIMESTAMPTZ,
  "timestamp" TIMESTAMPTZ,
  "original_timestamp" TIMESTAMPTZ,
  "write_key" VARCHAR,
  "anonymous_id" VARCHAR,
  "user_id" VARCHAR,
  "previous_id" VARCHAR,
  "_extra" VARCHAR,
  "day" DATE
);
INSERT INTO "aliases" BY NAME SELECT * FROM read_json('aliases/*/*.ndjson', format = 'newline_delimited', columns = {'id': 'VARCHAR', 'received_at': 'TIMESTAMPTZ', 'uuid_ts': 'TIMESTAMPTZ', 'sent_at': 'TIMESTAMPTZ', 'timestamp': 'TIMESTAMPTZ', 'original_timestamp': 'TIMESTAMPTZ', 'write_key': 'VARCHAR', 'anonymous_id': 'VARCHAR', 'user_id': 'VARCHAR', 'previous_id': 'VARCHAR', '_extra': 'VARCHAR'}, hive_partitioning = true, hive_types = {'day': DATE});

CREATE OR REPLACE TABLE "users" (
  "id" VARCHAR,
  "received_at" TIMESTAMPTZ,
  "uuid_ts" TIMESTAMPTZ,
  "write_key" VARCHAR,
  "_extra" VARCHAR,
  "address_city" VARCHAR,
  "address_zip" VARCHAR,
  "context_consent_category_preferences_advertising" BOOLEAN,
  "context_consent_category_preferences_analytics" BOOLEAN,
  "context_consent_rev" BIGINT,
  "email" VARCHAR,
  "plan" VARCHAR,
  "day" DATE
);
INSERT INTO "users" BY NAME SELECT * FROM read_json('users/*/*.ndjson', format = 'newline_delimited', columns = {'id': 'VARCHAR', 'received_at': 'TIMESTAMPTZ', 'uuid_ts': 'TIMESTAMPTZ', 'write_key': 'VARCHAR', '_extra': 'VARCHAR', 'address_city': 'VARCHAR', 'address_zip': 'VARCHAR', 'context_consent_category_preferences_advertising': 'BOOLEAN', 'context_consent_category_preferences_analytics': 'BOOLEAN', 'context_consent_rev': 'BIGINT', 'email': 'VARCHAR', 'plan': 'VARCHAR'}, hive_partitioning = true, hive_types = {'day': DATE});

CREATE OR REPLACE TABLE "accounts" (
  "id" VARCHAR,
  "received_at" TIMESTAMPTZ,
  "uuid_ts" TIMESTAMPTZ,
  "write_key" VARCHAR,
  "_extra" VARCHAR,
  "employees" VARCHAR,
  "name" VARCHAR,
  "day" DATE
);
INSERT INTO "accounts" BY NAME SELECT * FROM read_json('accounts/*/*.ndjson', format = 'newline_delimited', columns = {'id': 'VARCHAR', 'received_at': 'TIMESTAMPTZ', 'uuid_ts': 'TIMESTAMPTZ', 'write_key': 'VARCHAR', '_extra': 'VARCHAR', 'employees': 'VARCHAR', 'name': 'VARCHAR'}, hive_partitioning = true, hive_types = {'day': DATE});

CREATE OR REPLACE TABLE "event_users" (
  "id" VARCHAR,
  "received_at" TIMESTAMPTZ,
  "uuid_ts" TIMESTAMPTZ,
  "sent_at" TIMESTAMPTZ,
  "timestamp" TIMESTAMPTZ,
  "original_timestamp" TIMESTAMPTZ,
  "write_key" VARCHAR,
  "anonymous_id" VARCHAR,
  "user_id" VARCHAR,
  "event" VARCHAR,
  "event_text" VARCHAR,
  "_extra" VARCHAR,
  "properties_user_id" VARCHAR,
  "true" BOOLEAN,
  "day" DATE
);
INSERT INTO "event_users" BY NAME SELECT * FROM read_json('event_users/*/*.ndjson', format = 'newline_delimited', columns = {'id': 'VARCHAR', 'received_at': 'TIMESTAMPTZ', 'uuid_ts': 'TIMESTAMPTZ', 'sent_at': 'TIMESTAMPTZ', 'timestamp': 'TIMESTAMPTZ', 'original_timestamp': 'TIMESTAMPTZ', 'write_key': 'VARCHAR', 'anonymous_id': 'VARCHAR', 'user_id': 'VARCHAR', 'event': 'VARCHAR', 'event_text': 'VARCHAR', '_extra': 'VARCHAR', 'properties_user_id': 'VARCHAR', 'true': 'BOOLEAN'}, hive_partitioning = true, hive_types = {'day': DATE});

CREATE OR REPLACE TABLE "order_completed" (
  "id" VARCHAR,
  "received_at" TIMESTAMPTZ,
  "uuid_ts" TIMESTAMPTZ,
  "sent_at" TIMESTAMPTZ,
  "timestamp" TIMESTAMPTZ,
  "original_timestamp" TIMESTAMPTZ,
  "write_key" VARCHAR,
  "anonymous_id" VARCHAR,
  "user_id" VARCHAR,
  "event" VARCHAR,
  "event_text" VARCHAR,
  "_extra" VARCHAR,
  "context_consent_category_preferences_advertising" BOOLEAN,
  "context_consent_category_preferences_analytics" BOOLEAN,
  "context_consent_rev" BIGINT,
  "order_id" VARCHAR,
  "order_id_2" VARCHAR,
  "order_id_3" VARCHAR,
  "products" VARCHAR,
  "properties_context_ip" VARCHAR,
  "properties_day" VARCHAR,
  "properties_id" VARCHAR,
  "revenue" DOUBLE,
  "shipping_express" BOOLEAN,
  "shipping_method" VARCHAR,
  "day" DATE
);
INSERT INTO "order_completed" BY NAME SELECT * FROM read_json('order_completed/*/*.ndjson', format = 'newline_delimited', columns = {'id': 'VARCHAR', 'received_at': 'TIMESTAMPTZ', 'uuid_ts': 'TIMESTAMPTZ', 'sent_at': 'TIMESTAMPTZ', 'timestamp': 'TIMESTAMPTZ', 'original_timestamp': 'TIMESTAMPTZ', 'write_key': 'VARCHAR', 'anonymous_id': 'VARCHAR', 'user_id': 'VARCHAR', 'event': 'VARCHAR', 'event_text': 'VARCHAR', '_extra': 'VARCHAR', 'context_consent_category_preferences_advertising': 'BOOLEAN', 'context_consent_category_preferences_analytics': 'BOOLEAN', 'context_consent_rev': 'BIGINT', 'order_id': 'VARCHAR', 'order_id_2': 'VARCHAR', 'order_id_3': 'VARCHAR', 'products': 'VARCHAR', 'properties_context_ip': 'VARCHAR', 'properties_day': 'VARCHAR', 'properties_id': 'VARCHAR', 'revenue': 'DOUBLE', 'shipping_express': 'BOOLEAN', 'shipping_method': 'VARCHAR'}, hive_partitioning = true, hive_types = {'day': DATE});

CREATE OR REPLACE TABLE "unnamed_b591923e" (
  "id" VARCHAR,
  "received_at" TIMESTAMPTZ,
  "uuid_ts" TIMESTAMPTZ,
  "sent_at" TIMESTAMPTZ,
  "timestamp" TIMESTAMPTZ,
  "original_timestamp" TIMESTAMPTZ,
  "write_key" VARCHAR,
  "anonymous_id" VARCHAR,
  "user_id" VARCHAR,
  "event" VARCHAR,
  "event_text" VARCHAR,
  "_extra" VARCHAR,
  "true" BIGINT,
  "unnamed_df8cd3ca" BIGINT,
  "day" DATE
);
INSERT INTO "unnamed_b591923e" BY NAME SELECT * FROM read_json('unnamed_b591923e/*/*.ndjson', format = 'newline_delimited', columns = {'id': 'VARCHAR', 'received_at': 'TIMESTAMPTZ', 'uuid_ts': 'TIMESTAMPTZ', 'sent_at': 'TIMESTAMPTZ', 'timestamp': 'TIMESTAMPTZ', 'original_timestamp': 'TIMESTAMPTZ', 'write_key': 'VARCHAR', 'anonymous_id': 'VARCHAR', 'user_id': 'VARCHAR', 'event': 'VARCHAR', 'event_text': 'VARCHAR', '_extra': 'VARCHAR', 'true': 'BIGINT', 'unnamed_df8cd3ca': 'BIGINT'}, hive_partitioning = true, hive_types = {'day': DATE});

CREATE OR REPLACE TABLE "users_drop_table_users" (
  "id" VARCHAR,
  "received_at" TIMESTAMPTZ,
  "uuid_ts" TIMESTAMPTZ,
  "sent_at" TIMESTAMPTZ,
  "timestamp" TIMESTAMPTZ,
  "original_timestamp" TIMESTAMPTZ,
  "write_key" VARCHAR,
  "anonymous_id" VARCHAR,
  "user_id" VARCHAR,
  "event" VARCHAR,
  "event_text" VARCHAR,
  "_extra" VARCHAR,
  "unnamed_8c935ab1_unnamed_af639a4c" VARCHAR,
  "day" DATE
);
INSERT INTO "users_drop_table_users" BY NAME SELECT * FROM read_json('users_drop_table_users/*/*.ndjson', format = 'newline_delimited', columns = {'id': 'VARCHAR', 'received_at': 'TIMESTAMPTZ', 'uuid_ts': 'TIMESTAMPTZ', 'sent_at': 'TIMESTAMPTZ', 'timestamp': 'TIMESTAMPTZ', 'original_timestamp': 'TIMESTAMPTZ', 'write_key': 'VARCHAR', 'anonymous_id': 'VARCHAR', 'user_id': 'VARCHAR', 'event': 'VARCHAR', 'event_text': 'VARCHAR', '_extra': 'VARCHAR', 'unnamed_8c935ab1_unnamed_af639a4c': 'VARCHAR'}, hive_partitioning = true, hive_types = {'day': DATE});

COMMIT;
