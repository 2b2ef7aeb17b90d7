"""A private PostgreSQL server, which listens on the bridge and on a socket in the run's folder."""

import glob, os, shutil, subprocess, time

import psycopg

DATABASE = "hosts"
PORT = 5499


class Server:
    def __init__(self, folder, address, network):
        found = sorted(glob.glob("/usr/lib/postgresql/*/bin/postgres"), key=lambda path: int(path.split("/")[4]))
        self.programs = os.path.dirname(found[-1])
        self.folder = f"{folder}/server"
        self.address = address
        os.mkdir(self.folder)
        # The server refuses to run as root.
        shutil.chown(self.folder, "postgres", "postgres")
        self._run("initdb", "--pgdata", f"{self.folder}/data", "--username", "owner", "--auth", "trust",
                  "--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync")
        with open(f"{self.folder}/data/pg_hba.conf", "a") as file:
            file.write(f"host all all {network} trust\n")
        with open(f"{self.folder}/data/postgresql.conf", "a") as file:
            # A crash of the server's processes loses nothing without fsync; only one of the machine does.
            file.write(f"listen_addresses = '{address}'\nport = {PORT}\nfsync = off\n"
                       f"unix_socket_directories = '{self.folder}'\n"
                       "log_line_prefix = '%m [%p] %h '\nlog_lock_waits = on\n")
        self._control("start")
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {DATABASE}")

    def url(self, database=DATABASE):
        return f"postgresql://owner@/{database}?host={self.folder}&port={PORT}"

    def remote_url(self, options=""):
        return f"postgresql://owner@{self.address}:{PORT}/{DATABASE}" + (f"?{options}" if options else "")

    def connect(self, **arguments):
        return psycopg.connect(self.url(), autocommit=True, options="-c search_path=asinqd", **arguments)

    def query(self, sql, *arguments):
        """The rows of one statement, on a connection of its own, once the server accepts one."""
        for _ in range(100):
            try:
                with self.connect() as connection:
                    cursor = connection.execute(sql, arguments)
                    return cursor.fetchall() if cursor.description else []
            except psycopg.OperationalError:
                time.sleep(0.1)
        raise RuntimeError("the server accepts no connection")

    def restart(self, seconds_down=0.0):
        self._control("stop", "--mode", "immediate")
        time.sleep(seconds_down)
        self._control("start")

    def stop(self):
        subprocess.run(self._as_postgres("pg_ctl", "stop", "--mode", "immediate", "--pgdata", f"{self.folder}/data"),
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=self.folder)

    def terminate_sessions(self, address):
        return self.query("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
                          "WHERE client_addr = %s::text::inet", address)[0][0]

    def _control(self, action, *arguments):
        self._run("pg_ctl", action, "--wait", "--pgdata", f"{self.folder}/data", *arguments,
                  *(("--log", f"{self.folder}/log") if action == "start" else ()))

    def _as_postgres(self, program, *arguments):
        return ["runuser", "-u", "postgres", "--", f"{self.programs}/{program}", *arguments]

    def _run(self, program, *arguments):
        # The started server must not keep a pipe open.
        with open(f"{self.folder}/{program}.out", "a") as output:
            done = subprocess.run(self._as_postgres(program, *arguments), cwd=self.folder,
                                  stdin=subprocess.DEVNULL, stdout=output, stderr=output)
        if done.returncode:
            raise RuntimeError(f"{program} {' '.join(arguments)}: {open(output.name).read()[-500:]}")
