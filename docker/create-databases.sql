-- Read by psql at the first start. Label Studio and this backend cannot open each other's database.
\getenv datasetgan_password DATASETGAN_DB_PASSWORD
\getenv labelstudio_password LABEL_STUDIO_DB_PASSWORD
CREATE USER datasetgan PASSWORD :'datasetgan_password';
CREATE USER labelstudio PASSWORD :'labelstudio_password';
CREATE DATABASE datasetgan OWNER datasetgan;
CREATE DATABASE labelstudio OWNER labelstudio;
REVOKE CONNECT ON DATABASE datasetgan FROM PUBLIC;
REVOKE CONNECT ON DATABASE labelstudio FROM PUBLIC;
