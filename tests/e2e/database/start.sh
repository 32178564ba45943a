# Makes the cluster in /data, which is empty at first, with the password in $PASSWORD and the database $DATABASE, and runs
# the server.
set -eu
data=/data/cluster
bin=/opt/postgres/bin
if [ ! -e "$data/PG_VERSION" ]; then
  echo "$PASSWORD" >/data/password
  "$bin/initdb" --pgdata "$data" --username shop --pwfile /data/password --no-sync --locale C --encoding UTF8
  echo "host all all all scram-sha-256" >>"$data/pg_hba.conf"
  echo "CREATE DATABASE $DATABASE;" | "$bin/postgres" --single -D "$data" postgres
fi
exec "$bin/postgres" -D "$data" -c listen_addresses=* -c fsync=off -c unix_socket_directories=/data
