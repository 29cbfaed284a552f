-- Copy this directory to Cloud Storage, put its place there for gs://BUCKET, and run this with a default dataset:
-- sed 's|gs://BUCKET|gs://your-bucket/and/folder|' bigquery.sql | bq query --use_legacy_sql=false --dataset_id=your_dataset

LOAD DATA OVERWRITE `tracks` (
  `id` STRING,
  `received_at` TIMESTAMP,
  `uuid_ts` TIMESTAMP,
  `sent_at` TIMESTAMP,
  `timestamp` TIMESTAMP,
  `original_timestamp` TIMESTAMP,
  `write_key` STRING,
  `anonymous_id` STRING,
  `user_id` STRING,
  `event` STRING,
  `event_text` STRING,
  `_extra` STRING,
  `context_consent_category_preferences_advertising` BOOL,
  `context_consent_category_preferences_analytics` BOOL,
  `context_consent_rev` INT64
)
PARTITION BY `day`
FROM FILES (
  format = 'PARQUET',
  uris = ['gs://BUCKET/tracks/*'],
  hive_partition_uri_prefix = 'gs://BUCKET/tracks'
)
WITH PARTITION COLUMNS (`day` DATE);

LOAD DATA OVERWRITE `pages` (
  `id` STRING,
  `received_at` TIMESTAMP,
  `uuid_ts` TIMESTAMP,
  `sent_at` TIMESTAMP,
  `timestamp` TIMESTAMP,
  `original_timestamp` TIMESTAMP,
  `write_key` STRING,
  `anonymous_id` STRING,
  `user_id` STRING,
  `name` STRING,
  `category` STRING,
  `_extra` STRING,
  `context_consent_category_preferences_advertising` BOOL,
  `context_consent_category_preferences_analytics` BOOL,
  `context_consent_rev` INT64,
  `context_library_name` STRING,
  `context_library_version` STRING,
  `context_tidegate_seq` INT64,
  `context_tidegate_tab` STRING,
  `context_user_agent_data_brands` STRING,
  `context_user_agent_data_mobile` BOOL,
  `path` STRING,
  `search` STRING,
  `url` STRING
)
PARTITION BY `day`
FROM FILES (
  format = 'PARQUET',
  uris = ['gs://BUCKET/pages/*'],
  hive_partition_uri_prefix = 'gs://BUCKET/pages'
)
WITH PARTITION COLUMNS (`day` DATE);

LOAD DATA OVERWRITE `screens` (
  `id` STRING,
  `received_at` TIMESTAMP,
  `uuid_ts` TIMESTAMP,
  `sent_at` TIMESTAMP,
  `timestamp` TIMESTAMP,
  `original_timestamp` TIMESTAMP,
  `write_key` STRING,
  `anonymous_id` STRING,
  `user_id` STRING,
  `name` STRING,
  `category` STRING,
  `_extra` STRING
)
PARTITION BY `day`
FROM FILES (
  format = 'PARQUET',
  uris = ['gs://BUCKET/screens/*'],
  hive_partition_uri_prefix = 'gs://BUCKET/screens'
)
WITH PARTITION COLUMNS (`day` DATE);

LOAD DATA OVERWRITE `identifies` (
  `id` STRING,
  `received_at` TIMESTAMP,
  `uuid_ts` TIMESTAMP,
  `sent_at` TIMESTAMP,
  `timestamp` TIMESTAMP,
  `original_timestamp` TIMESTAMP,
  `write_key` STRING,
  `anonymous_id` STRING,
  `user_id` STRING,
  `_extra` STRING,
  `address_city` STRING,
  `address_zip` STRING,
  `context_consent_category_preferences_advertising` BOOL,
  `context_consent_category_preferences_analytics` BOOL,
  `context_consent_rev` INT64,
  `email` STRING,
  `plan` STRING
)
PARTITION BY `day`
FROM FILES (
  format = 'PARQUET',
  uris = ['gs://BUCKET/identifies/*'],
  hive_partition_uri_prefix = 'gs://BUCKET/identifies'
)
WITH PARTITION COLUMNS (`day` DATE);

LOAD DATA OVERWRITE `groups` (
  `id` STRING,
  `received_at` TIMESTAMP,
  `uuid_ts` TIMESTAMP,
  `sent_at` TIMESTAMP,
  `timestamp` TIMESTAMP,
  `original_timestamp` TIMESTAMP,
  `write_key` STRING,
  `anonymous_id` STRING,
  `user_id` STRING,
  `group_id` STRING,
  `_extra` STRING,
  `employees` STRING,
  `name` STRING
)
PARTITION BY `day`
FROM FILES (
  format = 'PARQUET',
  uris = ['gs://BUCKET/groups/*'],
  hive_partition_uri_prefix = 'gs://BUCKET/groups'
)
WITH PARTITION COLUMNS (`day` DATE);

LOAD DATA OVERWRITE `aliases` (
  `id` STRING,
  `received_at` TIMESTAMP,
  `uuid_ts` TIMESTAMP,
  `sent_at` TIMESTAMP,
  `timestamp` TIMESTAMP,
  `original_timestamp` TIMESTAMP,
  `write_key` STRING,
  `anonymous_id` STRING,
  `user_id` STRING,
  `previous_id` STRING,
  `_extra` STRING
)
PARTITION BY `day`
FROM FILES (
  format = 'PARQUET',
  uris = ['gs://BUCKET/aliases/*'],
  hive_partition_uri_prefix = 'gs://BUCKET/aliases'
)
WITH PARTITION COLUMNS (`day` DATE);

LOAD DATA OVERWRITE `users` (
  `id` STRING,
  `received_at` TIMESTAMP,
  `uuid_ts` TIMESTAMP,
  `write_key` STRING,
  `_extra` STRING,
  `address_city` STRING,
  `address_zip` STRING,
  `context_consent_category_preferences_advertising` BOOL,
  `context_consent_category_preferences_analytics` BOOL,
  `context_consent_rev` INT64,
  `email` STRING,
  `plan` STRING
)
PARTITION BY `day`
FROM FILES (
  format = 'PARQUET',
  uris = ['gs://BUCKET/users/*'],
  hive_partition_uri_prefix = 'gs://BUCKET/users'
)
WITH PARTITION COLUMNS (`day` DATE);

LOAD DATA OVERWRITE `accounts` (
  `id` STRING,
  `received_at` TIMESTAMP,
  `uuid_ts` TIMESTAMP,
  `write_key` STRING,
  `_extra` STRING,
  `employees` STRING,
  `name` STRING
)
PARTITION BY `day`
FROM FILES (
  format = 'PARQUET',
  uris = ['gs://BUCKET/accounts/*'],
  hive_partition_uri_prefix = 'gs://BUCKET/accounts'
)
WITH PARTITION COLUMNS (`day` DATE);

LOAD DATA OVERWRITE `event_users` (
  `id` STRING,
  `received_at` TIMESTAMP,
  `uuid_ts` TIMESTAMP,
  `sent_at` TIMESTAMP,
  `timestamp` TIMESTAMP,
  `original_timestamp` TIMESTAMP,
  `write_key` STRING,
  `anonymous_id` STRING,
  `user_id` STRING,
  `event` STRING,
  `event_text` STRING,
  `_extra` STRING,
  `properties_user_id` STRING,
  `true` BOOL
)
PARTITION BY `day`
FROM FILES (
  format = 'PARQUET',
  uris = ['gs://BUCKET/event_users/*'],
  hive_partition_uri_prefix = 'gs://BUCKET/event_users'
)
WITH PARTITION COLUMNS (`day` DATE);

LOAD DATA OVERWRITE `order_completed` (
  `id` STRING,
  `received_at` TIMESTAMP,
  `uuid_ts` TIMESTAMP,
  `sent_at` TIMESTAMP,
  `timestamp` TIMESTAMP,
  `original_timestamp` TIMESTAMP,
  `write_key` STRING,
  `anonymous_id` STRING,
  `user_id` STRING,
  `event` STRING,
  `event_text` STRING,
  `_extra` STRING,
  `context_consent_category_preferences_advertising` BOOL,
  `context_consent_category_preferences_analytics` BOOL,
  `context_consent_rev` INT64,
  `order_id` STRING,
  `order_id_2` STRING,
  `order_id_3` STRING,
  `products` STRING,
  `properties_context_ip` STRING,
  `properties_day` STRING,
  `properties_id` STRING,
  `revenue` FLOAT64,
  `shipping_express` BOOL,
  `shipping_method` STRING
)
PARTITION BY `day`
FROM FILES (
  format = 'PARQUET',
  uris = ['gs://BUCKET/order_completed/*'],
  hive_partition_uri_prefix = 'gs://BUCKET/order_completed'
)
WITH PARTITION COLUMNS (`day` DATE);

LOAD DATA OVERWRITE `unnamed_b591923e` (
  `id` STRING,
  `received_at` TIMESTAMP,
  `uuid_ts` TIMESTAMP,
  `sent_at` TIMESTAMP,
  `timestamp` TIMESTAMP,
  `original_timestamp` TIMESTAMP,
  `write_key` STRING,
  `anonymous_id` STRING,
  `user_id` STRING,
  `event` STRING,
  `event_text` STRING,
  `_extra` STRING,
  `true` INT64,
  `unnamed_df8cd3ca` INT64
)
PARTITION BY `day`
FROM FILES (
  format = 'PARQUET',
  uris = ['gs://BUCKET/unnamed_b591923e/*'],
  hive_partition_uri_prefix = 'gs://BUCKET/unnamed_b591923e'
)
WITH PARTITION COLUMNS (`day` DATE);

LOAD DATA OVERWRITE `users_drop_table_users` (
  `id` STRING,
  `received_at` TIMESTAMP,
  `uuid_ts` TIMESTAMP,
  `sent_at` TIMESTAMP,
  `timestamp` TIMESTAMP,
  `original_timestamp` TIMESTAMP,
  `write_key` STRING,
  `anonymous_id` STRING,
  `user_id` STRING,
  `event` STRING,
  `event_text` STRING,
  `_extra` STRING,
  `unnamed_8c935ab1_unnamed_af639a4c` STRING
)
PARTITION BY `day`
FROM FILES (
  format = 'PARQUET',
  uris = ['gs://BUCKET/users_drop_table_users/*'],
  hive_partition_uri_prefix = 'gs://BUCKET/users_drop_table_users'
)
WITH PARTITION COLUMNS (`day` DATE);
